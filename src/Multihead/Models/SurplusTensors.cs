using Multihead.Models.Formats;

namespace Multihead.Models;

/// <summary>Tensors in a file that the model has no place for. They mean that the file belongs to another model, save those that
/// Hugging Face's library writes beside Marian's weights and that change nothing: sinusoids, copies of a tied table, and an
/// output bias of zeros.</summary>
internal static class SurplusTensors
{
    private const string OutputBias = "final_logits_bias";

    /// <summary>Refuses what the model does not know.</summary>
    /// <exception cref="MultiheadException">Names the first such tensor.</exception>
    public static void Refuse(EncoderDecoder model, SafetensorsFolder weights, string folder)
    {
        var known = WeightFile.Sources(model.Parameters, 0).Select(s => s.Name).ToHashSet();
        foreach (var name in weights.Names.Order(StringComparer.Ordinal))
        {
            if (known.Contains(name) || IsRepetition(name, model.Config.TieEmbeddings)) continue;
            if (name == OutputBias && IsZero(weights, model.Config.VocabularySize)) continue;
            throw new MultiheadException($"The weights in '{folder}' have tensor {Shown.Name(name)}, for which the model of "
                + $"config.json has no place{(name == OutputBias ? " unless it is zero" : "")}; check that the files belong "
                + "together.");
        }
    }

    private static bool IsRepetition(string name, bool tied) => name switch
    {
        "model.encoder.embed_positions.weight" or "model.decoder.embed_positions.weight" => true,
        EncoderDecoderNames.SourceEmbedding or EncoderDecoderNames.TargetEmbedding or EncoderDecoderNames.OutputEmbedding => tied,
        _ => false,
    };

    private static bool IsZero(SafetensorsFolder weights, int vocabularySize)
    {
        var bias = new float[vocabularySize];
        weights.Read(OutputBias, [1, vocabularySize], bias);
        return !bias.AsSpan().ContainsAnyExcept(0);
    }
}
