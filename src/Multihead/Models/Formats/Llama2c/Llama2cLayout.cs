using System.Globalization;

namespace Multihead.Models.Formats.Llama2c;

/// <summary>The order of the tensors in a llama2.c file: of each kind, those of all layers.</summary>
internal static class Llama2cLayout
{
    /// <summary>All tensors under Hugging Face's names.</summary>
    /// <exception cref="MultiheadException">The file has another size than they make.</exception>
    public static List<TensorEntry<Llama2cRows>> Entries(BinaryFile file, Llama2cHeader header)
    {
        CheckLength(file, header);
        List<TensorEntry<Llama2cRows>> entries = [];
        var offset = header.DataStart;
        foreach (var kind in Kinds(header))
        {
            var bytes = sizeof(float) * kind.Rows * kind.Columns;
            for (var layer = 0; layer < (kind.InLayers ? header.LayerCount : 1); layer++, offset += bytes)
            {
                if (kind.Name is null) continue;
                var name = kind.Name.Replace("*", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
                long[] shape = kind.IsVector ? [kind.Columns] : [kind.Rows, kind.Columns];
                entries.Add(new(name, shape, kind.Order, offset, bytes));
            }
        }
        return entries;
    }

    // Before there is an entry for each layer: their number may be a lie.
    private static void CheckLength(BinaryFile file, Llama2cHeader header)
    {
        var bytes = (Int128)header.DataStart;
        foreach (var kind in Kinds(header))
            bytes += (Int128)kind.Rows * kind.Columns * sizeof(float) * (kind.InLayers ? header.LayerCount : 1);
        if (bytes != file.Length)
            throw file.Fault($"its header asks for {bytes} bytes and it has {file.Length}");
    }

    private static IEnumerable<Kind> Kinds(Llama2cHeader header)
    {
        long dim = header.ModelDim, hidden = header.FeedForwardDim, keys = (long)header.KeyValueHeadCount * header.HeadDim;
        var embedding = new Kind("model.embed_tokens.weight", header.VocabularySize, dim);
        var attentionNorm = Vector("model.layers.*.input_layernorm.weight", dim, inLayers: true);
        var feedForwardNorm = Vector("model.layers.*.post_attention_layernorm.weight", dim, inLayers: true);
        var finalNorm = Vector("model.norm.weight", dim, inLayers: false);
        Kind[] attention =
        [
            InLayers("self_attn.q_proj", dim, dim) with { Order = Llama2cRows.RotaryPairs },
            InLayers("self_attn.k_proj", keys, dim) with { Order = Llama2cRows.RotaryPairs },
            InLayers("self_attn.v_proj", keys, dim),
            InLayers("self_attn.o_proj", dim, dim),
        ];
        Kind[] feedForward =
        [
            InLayers("mlp.gate_proj", hidden, dim),
            InLayers("mlp.down_proj", dim, hidden),
            InLayers("mlp.up_proj", hidden, dim),
        ];
        // Cosines and sines that programs compute by now.
        var angles = new Kind(null, header.MaxLength, header.HeadDim / 2);
        Kind[] output = header.SharedClassifier ? [] : [new Kind("lm_head.weight", header.VocabularySize, dim)];
        return header.Version == 0
            ? [embedding, attentionNorm, .. attention, feedForwardNorm, .. feedForward, finalNorm, angles, angles, .. output]
            : [attentionNorm, feedForwardNorm, finalNorm, embedding, .. attention, .. feedForward, .. output];
    }

    private static Kind InLayers(string name, long rows, long columns) =>
        new($"model.layers.*.{name}.weight", rows, columns) { InLayers = true };

    private static Kind Vector(string name, long size, bool inLayers) =>
        new(name, 1, size) { IsVector = true, InLayers = inLayers };

    // A name of null is passed over; * stands for the layer.
    private sealed record Kind(string? Name, long Rows, long Columns)
    {
        public bool InLayers { get; init; }
        public bool IsVector { get; init; }
        public Llama2cRows Order { get; init; }
    }
}
