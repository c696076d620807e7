using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Multihead.Benchmarks.Training;

/// <summary>GPT-2 in TorchSharp: norms before, learned positions, one table for input and output.</summary>
internal sealed class LibtorchDecoderOnly
{
    private readonly LibtorchLayers _layers;
    private readonly Parameter _table; // [vocabulary, dim]
    private readonly Func<Tensor, Tensor> _lookup;
    private readonly Tensor _positions; // [longest, dim]
    private readonly Tensor _tokens; // [batch, length]
    private readonly Layer[] _stack;
    private readonly Func<Tensor, Tensor> _norm;

    public LibtorchDecoderOnly(LibtorchLayers layers)
    {
        _layers = layers;
        (_table, _positions) = (layers.Weight("transformer.wte.weight"), layers.Weight("transformer.wpe.weight"));
        _lookup = LibtorchLayers.Lookup(_table);
        _tokens = layers.Ids("batch.inputs");
        _stack = [.. Enumerable.Range(0, layers.Count("transformer.h.")).Select(i => new Layer(layers, $"transformer.h.{i}"))];
        _norm = layers.Norm("transformer.ln_f");
    }

    /// <summary>Of the batch: [tokens, vocabulary].</summary>
    public Tensor Logits()
    {
        var x = _lookup(_tokens) + _positions.narrow(0, 0, _tokens.shape[1]);
        foreach (var layer in _stack) x = layer.Apply(x);
        return _layers.Logits(_norm(x), _table);
    }

    private sealed class Layer(LibtorchLayers layers, string prefix)
    {
        private readonly Func<Tensor, Tensor> _attentionNorm = layers.Norm($"{prefix}.ln_1");
        private readonly Func<Tensor, Tensor> _attention =
            layers.SelfAttention($"{prefix}.attn", ["c_attn"], "c_proj", causal: true);


        private readonly Func<Tensor, Tensor> _feedForwardNorm = layers.Norm($"{prefix}.ln_2");
        private readonly Func<Tensor, Tensor> _inner = layers.Linear($"{prefix}.mlp", "c_fc");
        private readonly Func<Tensor, Tensor> _outer = layers.Linear($"{prefix}.mlp", "c_proj");

        public Tensor Apply(Tensor x)
        {
            using var scope = NewDisposeScope();
            x = x + _attention(_attentionNorm(x));
            return (x + _outer(gelu(_inner(_feedForwardNorm(x))))).MoveToOuterDisposeScope();
        }
    }
}
