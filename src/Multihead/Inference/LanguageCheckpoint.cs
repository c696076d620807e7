using Multihead.Models;
using Multihead.Models.Architectures;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;
using Multihead.Text.Tokenizers;

namespace Multihead.Inference;

/// <summary>A folder that holds a whole decoder-only model as Hugging Face has it: config.json, model.safetensors,
/// tokenizer.json.</summary>
internal static class LanguageCheckpoint
{
    /// <summary>Opens a folder; the three files must fit each other.</summary>
    /// <exception cref="MultiheadException">What is missing or does not fit, and in which file.</exception>
    public static (DecoderOnly Model, Tokenizer Tokenizer) Load(string folder, bool learning)
    {
        if (!Directory.Exists(folder))
            throw new MultiheadException($"There is no folder '{folder}'; give the folder of a language model.");
        var config = DecoderOnlyConfigJson.Read(Path.Combine(folder, ModelConfigJson.FileName));
        var tokenizer = Tokenizer.Load(folder);
        if (tokenizer.VocabularySize > config.VocabularySize)
            throw new MultiheadException($"'{folder}': tokenizer.json has {tokenizer.VocabularySize} tokens, but config.json "
                + $"says {config.VocabularySize}; the two files belong to different models.");
        return (LoadModel(config, folder, learning), tokenizer);
    }

    /// <summary>Writes the model's configuration and weights; the tokenizer's file is its own matter.</summary>
    /// <exception cref="MultiheadException">The folder cannot be written.</exception>
    public static void Save(string folder, DecoderOnly model)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, ModelConfigJson.FileName), DecoderOnlyConfigJson.Text(model.Config));
        WeightFile.Export(model.Parameters, tensors => SafetensorsFolderWriter.Write(folder, tensors));
    }

    private static DecoderOnly LoadModel(DecoderOnlyConfig config, string folder, bool learning)
    {
        using var weights = SafetensorsFolder.Open(folder);
        var model = new DecoderOnly(config, learning);
        try
        {
            var names = DecoderOnlyNames.Of(config.Architecture);
            var prefix = names.OptionalPrefix;
            // Files of the model without its output are named without the prefix.
            var bare = prefix.Length > 0 && !weights.Contains(names.Embedding) && weights.Contains(names.Embedding[prefix.Length..]);
            string InFile(string name) => bare && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
            unsafe
            {
                WeightFile.Read(model.Parameters, (name, shape, destination) => weights.Read(InFile(name), shape, destination));
            }
            var known = WeightFile.Shapes(model.Parameters).Select(s => InFile(s.Name)).ToHashSet();
            foreach (var name in weights.Names.Order(StringComparer.Ordinal))
                if (!known.Contains(name) && !names.IsRedundant(name, config.TieEmbeddings))
                    throw new MultiheadException($"The weights in '{folder}' have tensor {Shown.Name(name)}, for which the model of "
                        + "config.json has no place; check that the files belong together.");
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
