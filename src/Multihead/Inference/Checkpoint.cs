using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;
using Multihead.Text.Tokenizers;

namespace Multihead.Inference;

/// <summary>A folder that holds a whole model: config.json, model.safetensors, tokenizer.json.</summary>
internal static class Checkpoint
{
    /// <summary>Opens a folder; the three files must fit each other.</summary>
    /// <exception cref="MultiheadException">What is missing or does not fit, and in which file.</exception>
    public static (EncoderDecoder Model, Tokenizer Tokenizer) Load(string folder, bool learning)
    {
        if (!Directory.Exists(folder))
            throw new MultiheadException($"There is no folder '{folder}'; give the folder that training wrote.");
        var config = ModelConfigJson.Read(Path.Combine(folder, ModelConfigJson.FileName));
        var tokenizer = Tokenizer.Load(folder);
        if (tokenizer.VocabularySize > config.VocabularySize)
            throw new MultiheadException($"'{folder}': tokenizer.json has {tokenizer.VocabularySize} tokens, but config.json "
                + $"says {config.VocabularySize}; the two files belong to different models.");
        using var weights = SafetensorsFolder.Open(folder);
        var model = new EncoderDecoder(config, learning);
        try
        {
            unsafe { WeightFile.Read(model.Parameters, weights.Read); }
            SurplusTensors.Refuse(model, weights, folder);
            return (model, tokenizer);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
