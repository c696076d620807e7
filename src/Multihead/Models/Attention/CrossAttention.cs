using Multihead.Kernels.Attention;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Attention;

/// <summary>Multi-head attention of a target to its source: queries from the decoder, keys and values from the encoder's output.
/// "Attention Is All You Need", section 3.2.3, https://arxiv.org/abs/1706.03762.</summary>
internal sealed class CrossAttention
{
    private readonly AttentionShape _shape;
    private readonly int _dim;
    private readonly Weight _query;
    private readonly Weight _queryBias;
    private readonly Weight _memory;
    private readonly Weight _memoryBias;
    private readonly Weight _output;
    private readonly Weight _outputBias;

    public CrossAttention(ParameterStore store, AttentionNames names, int dim, AttentionShape shape)
    {
        (_shape, _dim) = (shape, dim);
        _query = store.Matrix(names.Query + ".weight", dim, dim, Initialization.XavierUniform);
        _queryBias = store.Vector(names.Query + ".bias", dim, Initialization.Zero);
        _memory = store.Declare([new(names.Key + ".weight", dim, false), new(names.Value + ".weight", dim, false)], dim,
            Initialization.XavierUniform);
        _memoryBias = store.Declare([new(names.Key + ".bias", dim, true), new(names.Value + ".bias", dim, true)], 1,
            Initialization.Zero);
        _output = store.Matrix(names.Output + ".weight", dim, dim, Initialization.XavierUniform);
        _outputBias = store.Vector(names.Output + ".bias", dim, Initialization.Zero);
    }

    /// <summary>Keys and values of the source: [sourceTokens, dim] to [sourceTokens, 2 * dim].</summary>
    public Tensor Remember(Workspace w, Tensor memory) => Linear.Apply(w, memory, _memory, _memoryBias);

    /// <param name="w">Where to compute.</param>
    /// <param name="x">[targetTokens, dim].</param>
    /// <param name="remembered">What <see cref="Remember"/> gave.</param>
    /// <param name="spans">Which target rows attend to which source rows.</param>
    public Tensor Apply(Workspace w, Tensor x, Tensor remembered, ReadOnlySpan<AttentionSpan> spans)
    {
        var query = Linear.Apply(w, x, _query, _queryBias);
        var mixed = Attend.Apply(w, new(query, 0), new(remembered, 0), new(remembered, _dim), _shape, spans);
        return Linear.Apply(w, mixed, _output, _outputBias);
    }
}
