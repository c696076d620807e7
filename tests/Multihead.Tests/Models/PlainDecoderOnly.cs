using Multihead.Kernels.Attention;
using Multihead.Models.Configuration;
using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Models;

/// <summary>The decoder-only Transformer once more, pre-norm, in loops over doubles and from the weights as they are named in files:
/// GPT-2's arrangement.</summary>
internal sealed class PlainDecoderOnly(DecoderOnlyConfig config, IReadOnlyDictionary<string, PlainMatrix> weights)
{
    /// <summary>The sum over tokens.</summary>
    public double Loss(TokenBatch batch, double smoothing, ulong? dropoutSeed = null) =>
        PlainOperations.CrossEntropy(Logits(batch, dropoutSeed), batch.Targets, smoothing).Loss;

    /// <summary>[tokens, vocabulary].</summary>
    public PlainMatrix Logits(TokenBatch batch, ulong? dropoutSeed = null)
    {
        var dropout = new PlainDropout(dropoutSeed);
        int[] positions = [.. batch.Lengths.SelectMany(length => Enumerable.Range(0, length))];
        var x = PlainOperations.Embed(weights["transformer.wte.weight"], batch.Ids, 1, weights["transformer.wpe.weight"], positions);
        x = dropout.Apply(x, config.Dropout);
        var spans = Spans(batch.Lengths);
        for (var i = 0; i < config.LayerCount; i++)
        {
            var layer = $"transformer.h.{i}";
            x += dropout.Apply(Attention(layer + ".attn", Norm(layer + ".ln_1", x), spans, dropout), config.Dropout);
            var inner = Linear(layer + ".mlp.fc_in", Norm(layer + ".ln_2", x)).Map(PlainOperations.Gelu);
            x += dropout.Apply(Linear(layer + ".mlp.fc_out", dropout.Apply(inner, config.ActivationDropout)), config.Dropout);
        }
        return PlainOperations.Linear(Norm("transformer.ln_f", x), weights["transformer.wte.weight"], null);
    }

    private PlainMatrix Attention(string name, PlainMatrix x, AttentionSpan[] spans, PlainDropout dropout)
    {
        var heads = config.HeadCount;
        return Linear(name + ".out_proj", PlainAttention.Apply(Linear(name + ".q_proj", x), Linear(name + ".k_proj", x),
            Linear(name + ".v_proj", x), heads, heads, true, spans, dropout.Attention(config.AttentionDropout, heads)));
    }

    private PlainMatrix Norm(string name, PlainMatrix x) =>
        PlainOperations.LayerNorm(x, weights[name + ".weight"], weights[name + ".bias"], config.Norm.Epsilon);

    private PlainMatrix Linear(string name, PlainMatrix x) =>
        PlainOperations.Linear(x, weights[name + ".weight"], weights[name + ".bias"]);

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
