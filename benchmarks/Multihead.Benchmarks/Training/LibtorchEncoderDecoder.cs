using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Multihead.Benchmarks.Training;

/// <summary>The Transformer of "Attention Is All You Need" in TorchSharp: norms behind, one table for both sides and the output.
/// By hand, since <c>torch.nn.Transformer</c> has two more norms.</summary>
internal sealed class LibtorchEncoderDecoder
{
    public const string TableName = "model.shared.weight";

    private readonly LibtorchLayers _layers;
    private readonly Parameter _table; // [vocabulary, dim]
    private readonly Func<Tensor, Tensor> _lookup;
    private readonly Tensor _positions; // [length, dim]
    private readonly Tensor _sources; // [batch, length]
    private readonly Tensor _targets; // [batch, length]
    private readonly Layer[] _encoder;
    private readonly Layer[] _decoder;

    public LibtorchEncoderDecoder(LibtorchLayers layers)
    {
        _layers = layers;
        _table = layers.Weight(TableName);
        _lookup = LibtorchLayers.Lookup(_table);
        (_sources, _targets) = (layers.Ids("batch.sources"), layers.Ids("batch.inputs"));
        _positions = Positions(Math.Max(_sources.shape[1], _targets.shape[1]), _table.shape[1]);
        _encoder = Stack("model.encoder.layers.", causal: false, cross: false);
        _decoder = Stack("model.decoder.layers.", causal: true, cross: true);
    }

    /// <summary>Of the batch: [tokens, vocabulary].</summary>
    public Tensor Logits()
    {
        var memory = Embed(_sources);
        foreach (var layer in _encoder) memory = layer.Apply(memory, null);
        var x = Embed(_targets);
        foreach (var layer in _decoder) x = layer.Apply(x, memory);
        return _layers.Logits(x, _table);
    }

    private static Tensor Positions(long length, long dim)
    {
        using var scope = NewDisposeScope();
        var angles = arange(length, dtype: float32).unsqueeze(1) / pow(10000, arange(0, dim, 2, dtype: float32) / dim);
        return cat([angles.sin(), angles.cos()], 1).MoveToOuterDisposeScope();
    }

    private Tensor Embed(Tensor tokens) =>
        _lookup(tokens) * Math.Sqrt(_table.shape[1]) + _positions.narrow(0, 0, tokens.shape[1]);

    private Layer[] Stack(string prefix, bool causal, bool cross) =>
        [.. Enumerable.Range(0, _layers.Count(prefix)).Select(i => new Layer(_layers, $"{prefix}{i}", causal, cross))];

    private sealed class Layer(LibtorchLayers layers, string prefix, bool causal, bool cross)
    {
        private readonly Func<Tensor, Tensor> _attention =
            layers.SelfAttention($"{prefix}.self_attn", ["q_proj", "k_proj", "v_proj"], "out_proj", causal);


        private readonly Func<Tensor, Tensor> _attentionNorm = layers.Norm($"{prefix}.self_attn_layer_norm");
        private readonly Func<Tensor, Tensor, Tensor>? _cross = cross ? layers.CrossAttention($"{prefix}.encoder_attn") : null;
        private readonly Func<Tensor, Tensor>? _crossNorm = cross ? layers.Norm($"{prefix}.encoder_attn_layer_norm") : null;
        private readonly Func<Tensor, Tensor> _inner = layers.Linear(prefix, "fc1");
        private readonly Func<Tensor, Tensor> _outer = layers.Linear(prefix, "fc2");
        private readonly Func<Tensor, Tensor> _feedForwardNorm = layers.Norm($"{prefix}.final_layer_norm");

        public Tensor Apply(Tensor x, Tensor? memory)
        {
            using var scope = NewDisposeScope();
            x = _attentionNorm(x + _attention(x));
            if (_cross is not null) x = _crossNorm!(x + _cross(x, memory!));
            return _feedForwardNorm(x + _outer(relu(_inner(x)))).MoveToOuterDisposeScope();
        }
    }
}
