using Multihead.Kernels.Attention;
using Multihead.Models.Configuration;
using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Models;

/// <summary>The encoder-decoder Transformer once more, in loops over doubles and from the weights as they are named in files:
/// "Attention Is All You Need", https://arxiv.org/abs/1706.03762, with the names and the arrangement of MarianMT.</summary>
internal sealed class PlainEncoderDecoder(ModelConfig config, IReadOnlyDictionary<string, PlainMatrix> weights)
{
    /// <summary>Sums over target tokens.</summary>
    public (double Loss, double NegativeLogLikelihood) Loss(SentenceBatch batch, double smoothing, ulong? dropoutSeed = null) =>
        PlainOperations.CrossEntropy(Logits(batch, dropoutSeed), batch.Targets, smoothing);

    /// <summary>[target tokens, vocabulary].</summary>
    public PlainMatrix Logits(SentenceBatch batch, ulong? dropoutSeed = null)
    {
        var dropout = new PlainDropout(dropoutSeed);
        var memory = Encode(batch, dropout);
        var x = Embed(config.TieEmbeddings ? "model.shared" : "model.decoder.embed_tokens", batch.Pairs.Select(p => p.Input),
            dropout);
        var own = Spans(batch, p => p.Input, p => p.Input);
        var crossing = Spans(batch, p => p.Input, p => p.Source);
        for (var i = 0; i < config.DecoderLayerCount; i++)
        {
            var layer = $"model.decoder.layers.{i}";
            x = Residual(layer + ".self_attn_layer_norm", x, y => Attention(layer + ".self_attn", y, y, own, true, dropout),
                dropout);
            x = Residual(layer + ".encoder_attn_layer_norm", x,
                y => Attention(layer + ".encoder_attn", y, memory, crossing, false, dropout), dropout);
            x = Residual(layer + ".final_layer_norm", x, y => FeedForward(layer, y, dropout), dropout);
        }
        if (config.NormPlacement == NormPlacement.Pre) x = Norm("model.decoder.layer_norm", x);
        return PlainOperations.Linear(x, weights[(config.TieEmbeddings ? "model.shared" : "lm_head") + ".weight"], null);
    }

    private PlainMatrix Encode(SentenceBatch batch, PlainDropout dropout)
    {
        var x = Embed(config.TieEmbeddings ? "model.shared" : "model.encoder.embed_tokens", batch.Pairs.Select(p => p.Source),
            dropout);
        var spans = Spans(batch, p => p.Source, p => p.Source);
        for (var i = 0; i < config.EncoderLayerCount; i++)
        {
            var layer = $"model.encoder.layers.{i}";
            x = Residual(layer + ".self_attn_layer_norm", x, y => Attention(layer + ".self_attn", y, y, spans, false, dropout),
                dropout);
            x = Residual(layer + ".final_layer_norm", x, y => FeedForward(layer, y, dropout), dropout);
        }
        return config.NormPlacement == NormPlacement.Pre ? Norm("model.encoder.layer_norm", x) : x;
    }

    private PlainMatrix Embed(string table, IEnumerable<int[]> sentences, PlainDropout dropout)
    {
        int[] ids = [.. sentences.SelectMany(s => s)], positions = [.. sentences.SelectMany(s => Enumerable.Range(0, s.Length))];
        var sinusoids = new PlainMatrix(positions.Max() + 1, config.ModelDim);
        var half = config.ModelDim / 2;
        for (var position = 0; position < sinusoids.Rows; position++)
            for (var i = 0; i < half; i++)
            {
                var angle = position / Math.Pow(10000, 2.0 * i / config.ModelDim);
                (sinusoids[position, i], sinusoids[position, half + i]) = (Math.Sin(angle), Math.Cos(angle));
            }
        var scale = config.ScaleEmbeddings ? Math.Sqrt(config.ModelDim) : 1;
        return dropout.Apply(PlainOperations.Embed(weights[table + ".weight"], ids, scale, sinusoids, positions), config.Dropout);
    }

    private PlainMatrix Residual(string norm, PlainMatrix x, Func<PlainMatrix, PlainMatrix> sublayer, PlainDropout dropout) =>
        config.NormPlacement == NormPlacement.Pre
            ? x + dropout.Apply(sublayer(Norm(norm, x)), config.Dropout)
            : Norm(norm, x + dropout.Apply(sublayer(x), config.Dropout));

    private PlainMatrix Norm(string name, PlainMatrix x) => config.Norm is LayerNormConfig
        ? PlainOperations.LayerNorm(x, weights[name + ".weight"], weights[name + ".bias"], config.Norm.Epsilon)
        : PlainOperations.RmsNorm(x, weights[name + ".weight"], config.Norm.Epsilon);

    private PlainMatrix Attention(string name, PlainMatrix x, PlainMatrix memory, AttentionSpan[] spans, bool causal,
        PlainDropout dropout)
    {
        PlainMatrix query = Linear(name + ".q_proj", x), key = Linear(name + ".k_proj", memory);
        var value = Linear(name + ".v_proj", memory);
        var heads = config.HeadCount;
        return Linear(name + ".out_proj", PlainAttention.Apply(query, key, value, heads, heads, causal, spans,
            dropout.Attention(config.AttentionDropout, heads)));
    }

    private PlainMatrix FeedForward(string layer, PlainMatrix x, PlainDropout dropout)
    {
        Func<double, double> activation = config.Activation switch
        {
            Activation.Relu => PlainOperations.Relu,
            Activation.Gelu => PlainOperations.Gelu,
            Activation.GeluTanh => PlainOperations.GeluTanh,
            _ => PlainOperations.Silu,
        };
        return Linear(layer + ".fc2", dropout.Apply(Linear(layer + ".fc1", x).Map(activation), config.ActivationDropout));
    }

    private PlainMatrix Linear(string name, PlainMatrix x) =>
        PlainOperations.Linear(x, weights[name + ".weight"], weights[name + ".bias"]);

    private static AttentionSpan[] Spans(SentenceBatch batch, Func<(int[] Source, int[] Input, int[] Target), int[]> queries,
        Func<(int[] Source, int[] Input, int[] Target), int[]> keys)
    {
        var (query, key) = (0, 0);
        return [.. batch.Pairs.Select(pair =>
        {
            var span = new AttentionSpan(query, queries(pair).Length, key, keys(pair).Length);
            (query, key) = (query + span.QueryCount, key + span.KeyCount);
            return span;
        })];
    }
}
