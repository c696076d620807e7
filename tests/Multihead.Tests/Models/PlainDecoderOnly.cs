using Multihead.Kernels.Attention;
using Multihead.Models.Architectures;
using Multihead.Models.Attention;
using Multihead.Models.Configuration;
using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Models;

/// <summary>The decoder-only Transformer once more, in loops over doubles and from the weights under their names in files, in the
/// form that they have in memory.</summary>
internal sealed class PlainDecoderOnly(DecoderOnlyConfig config, IReadOnlyDictionary<string, PlainMatrix> weights)
{
    private readonly DecoderOnlyNames _names = DecoderOnlyNames.Of(config.Architecture);

    /// <summary>The sum over tokens.</summary>
    public double Loss(TokenBatch batch, double smoothing, ulong? dropoutSeed = null) =>
        PlainOperations.CrossEntropy(Logits(batch, dropoutSeed), batch.Targets, smoothing).Loss;

    /// <summary>[tokens, vocabulary].</summary>
    public PlainMatrix Logits(TokenBatch batch, ulong? dropoutSeed = null)
    {
        var dropout = new PlainDropout(dropoutSeed);
        int[] positions = [.. batch.Lengths.SelectMany(length => Enumerable.Range(0, length))];
        var table = config.Positions is LearnedPositionsConfig ? weights[_names.Positions] : null;
        var x = PlainOperations.Embed(weights[_names.Embedding], batch.Ids, config.ScaleEmbeddings ? Math.Sqrt(config.ModelDim) : 1,
            table, positions);
        x = dropout.Apply(x, config.Dropout);
        for (var i = 0; i < config.LayerCount; i++)
        {
            var layer = _names.Layer(i);
            var added = Attention(layer.Attention, Norm(layer.AttentionNorm, x), i, batch.Lengths, positions, dropout);
            if (config.NormPlacement == NormPlacement.Sandwich) added = Norm(layer.AddedAttentionNorm!, added);
            x += dropout.Apply(added, config.Dropout);
            added = FeedForward(layer, Norm(layer.FeedForwardNorm, x), dropout);
            if (config.NormPlacement == NormPlacement.Sandwich) added = Norm(layer.AddedFeedForwardNorm!, added);
            x += dropout.Apply(added, config.Dropout);
        }
        var logits = PlainOperations.Linear(Norm(_names.FinalNorm, x),
            weights[config.TieEmbeddings ? _names.Embedding : _names.Output], null);
        return config.OutputLogitCap > 0 ? logits.Map(l => config.OutputLogitCap * Math.Tanh(l / config.OutputLogitCap)) : logits;
    }

    private PlainMatrix Attention(AttentionNames names, PlainMatrix x, int layer, int[] lengths, int[] positions,
        PlainDropout dropout)
    {
        var shape = config.AttentionOf(layer);
        PlainMatrix query, key, value;
        if (names.Input is { } input)
        {
            var all = Linear(input, x);
            (query, key, value) = (all.Part(0, shape.QueryColumns), all.Part(shape.QueryColumns, shape.KeyColumns),
                all.Part(shape.QueryColumns + shape.KeyColumns, shape.KeyColumns));
        }
        else (query, key, value) = (Linear(names.Query, x), Linear(names.Key, x), Linear(names.Value, x));
        if (config.NormalisesQueryAndKey)
            (query, key) = (NormHeads(names.QueryNorm!, query), NormHeads(names.KeyNorm!, key));
        if (config.Positions is RotaryPositionsConfig rotary)
        {
            query = PlainOperations.Rotate(query, config.HeadDim, rotary.Theta, positions);
            key = PlainOperations.Rotate(key, config.HeadDim, rotary.Theta, positions);
        }
        return Linear(names.Output, PlainAttention.Apply(query, key, value, config.HeadCount, config.KeyValueHeadCount, true,
            Spans(lengths), dropout.Attention(config.AttentionDropout, config.HeadCount), shape.Window, shape.Scale,
            shape.LogitCap));
    }

    private PlainMatrix FeedForward(Multihead.Models.Blocks.LayerNames layer, PlainMatrix x, PlainDropout dropout)
    {
        var names = layer.FeedForward;
        var expanded = Linear(names.Expand, x);
        if (names.Gate is { } gate)
        {
            var opened = Linear(gate, x).Map(Activate);
            for (var i = 0; i < expanded.Data.Length; i++) expanded.Data[i] *= opened.Data[i];
        }
        else expanded = expanded.Map(Activate);
        return Linear(names.Contract, dropout.Apply(expanded, config.ActivationDropout));
    }

    private double Activate(double x) => config.Activation switch
    {
        Activation.Relu => PlainOperations.Relu(x),
        Activation.Gelu => PlainOperations.Gelu(x),
        Activation.GeluTanh => PlainOperations.GeluTanh(x),
        _ => PlainOperations.Silu(x),
    };

    private PlainMatrix NormHeads(string name, PlainMatrix x)
    {
        var y = new PlainMatrix(x.Rows, x.Columns);
        for (var head = 0; head < x.Columns; head += config.HeadDim)
        {
            var normalised = Norm(name, x.Part(head, config.HeadDim));
            for (var i = 0; i < x.Rows; i++) normalised.Row(i).CopyTo(y.Row(i)[head..]);
        }
        return y;
    }

    private PlainMatrix Norm(string name, PlainMatrix x) => config.Norm is LayerNormConfig
        ? PlainOperations.LayerNorm(x, weights[name + ".weight"], weights[name + ".bias"], config.Norm.Epsilon)
        : PlainOperations.RmsNorm(x, weights[name + ".weight"], config.Norm.Epsilon);

    private PlainMatrix Linear(string name, PlainMatrix x) =>
        PlainOperations.Linear(x, weights[name + ".weight"], weights.GetValueOrDefault(name + ".bias"));

    private static AttentionSpan[] Spans(int[] lengths)
    {
        var first = 0;
        return [.. lengths.Select(length =>
        {
            var span = new AttentionSpan(first, length, first, length);
            first += length;
            return span;
        })];
    }
}
