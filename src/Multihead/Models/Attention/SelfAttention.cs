using Multihead.Kernels.Attention;
using Multihead.Models.Caches;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Attention;

/// <summary>Multi-head attention of a sequence to itself. "Attention Is All You Need", section 3.2.2,
/// https://arxiv.org/abs/1706.03762. Query, key and value come of one product: [tokens, dim] to [tokens, 3 * dim].</summary>
internal sealed class SelfAttention
{
    private readonly AttentionShape _shape;
    private readonly int _dim;
    private readonly Weight _input;
    private readonly Weight _inputBias;
    private readonly Weight _output;
    private readonly Weight _outputBias;

    public SelfAttention(ParameterStore store, AttentionNames names, int dim, AttentionShape shape)
    {
        (_shape, _dim) = (shape, dim);
        _input = store.Declare(
            [new(names.Query + ".weight", dim, false), new(names.Key + ".weight", dim, false), new(names.Value + ".weight", dim, false)],
            dim, Initialization.XavierUniform);
        _inputBias = BiasOf(store, dim, names.Query, names.Key, names.Value);
        _output = store.Matrix(names.Output + ".weight", dim, dim, Initialization.XavierUniform);
        _outputBias = store.Vector(names.Output + ".bias", dim, Initialization.Zero);
    }

    /// <param name="w">Where to compute.</param>
    /// <param name="x">[tokens, dim].</param>
    /// <param name="spans">The sequences; each attends to itself.</param>
    public Tensor Apply(Workspace w, Tensor x, ReadOnlySpan<AttentionSpan> spans)
    {
        var all = Linear.Apply(w, x, _input, _inputBias);
        var mixed = Attend.Apply(w, new(all, 0), new(all, _dim), new(all, 2 * _dim), _shape, spans);
        return Linear.Apply(w, mixed, _output, _outputBias);
    }

    /// <summary>One more token for each slot of the cache: its key and value are stored, its query sees them and all before.
    /// x: [slots, dim].</summary>
    public Tensor Step(Workspace w, Tensor x, KeyValueCache cache)
    {
        var all = Linear.Apply(w, x, _input, _inputBias);
        cache.Append(all, keyColumn: _dim, valueColumn: 2 * _dim);
        var mixed = Attend.Apply(w, new(all, 0), new(cache.Rows, 0), new(cache.Rows, _dim), _shape, cache.Spans);
        return Linear.Apply(w, mixed, _output, _outputBias);
    }

    /// <summary>A bias that is one vector here and several in files.</summary>
    internal static Weight BiasOf(ParameterStore store, int dim, params ReadOnlySpan<string> names)
    {
        var parts = new WeightPart[names.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = new WeightPart(names[i] + ".bias", 1, true);
        return store.Declare(parts, dim, Initialization.Zero);
    }
}

/// <summary>What the four products of an attention are called in files, without ".weight" and ".bias".</summary>
internal readonly record struct AttentionNames(string Query, string Key, string Value, string Output);
