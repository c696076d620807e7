using Multihead.Models.Caches;
using Multihead.Models.Configuration;
using Multihead.Models.Norms;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Attention;

/// <summary>Multi-head attention of a sequence to itself. "Attention Is All You Need", section 3.2.2,
/// https://arxiv.org/abs/1706.03762; with fewer heads of keys and values, grouped-query attention,
/// https://arxiv.org/abs/2305.13245. Query, key and value come of one product: [tokens, dim] to
/// [tokens, (heads + 2 * keyValueHeads) * headDim].</summary>
internal sealed class SelfAttention
{
    private readonly AttentionShape _shape;
    private readonly Weight _input;
    private readonly Weight? _inputBias;
    private readonly Weight _output;
    private readonly Weight? _outputBias;
    private readonly Norm? _queryNorm;
    private readonly Norm? _keyNorm;

    public SelfAttention(ParameterStore store, AttentionNames names, ILayerConfig config, in AttentionShape shape)
    {
        _shape = shape;
        _input = store.Declare(names.InputParts(shape), config.ModelDim, Initialization.XavierUniform);
        if (config.QueryKeyValueBias) _inputBias = store.Declare(names.InputBiasParts(shape), 1, Initialization.Zero);
        _output = store.Matrix(names.Output + ".weight", config.ModelDim, shape.QueryColumns, Initialization.XavierUniform, names.Form);
        if (config.AttentionOutputBias)
            _outputBias = store.Vector(names.Output + ".bias", config.ModelDim, Initialization.Zero);
        if (!config.NormalisesQueryAndKey) return;
        _queryNorm = Norm.Create(store, names.QueryNorm!, shape.HeadDim, config.Norm);
        _keyNorm = Norm.Create(store, names.KeyNorm!, shape.HeadDim, config.Norm);
    }

    /// <param name="w">Where to compute.</param>
    /// <param name="x">[tokens, dim].</param>
    /// <param name="places">The sequences; each attends to itself.</param>
    public Tensor Apply(Workspace w, Tensor x, in TokenPlaces places)
    {
        var (query, key, value) = Project(w, x, places);
        return Mix(w, Attend.Apply(w, query, key, value, _shape, places.Spans));
    }

    /// <summary>More tokens for the slots of the cache: their keys and values are stored, their queries see them and all before.
    /// x: [tokens, dim] of the new ones, slot after slot.</summary>
    public Tensor Extend(Workspace w, Tensor x, KeyValueCache cache, in TokenPlaces places)
    {
        var (query, key, value) = Project(w, x, places);
        cache.Append(key, value);
        return Mix(w, Attend.Apply(w, query, cache.Keys, cache.Values, _shape, places.Spans));
    }

    private (ColumnRange Query, ColumnRange Key, ColumnRange Value) Project(Workspace w, Tensor x, in TokenPlaces places)
    {
        var all = Linear.Apply(w, x, _input, _inputBias);
        var (queries, keys) = (_shape.QueryColumns, _shape.KeyColumns);
        var query = NormaliseHeads(w, new(all, 0), queries, _queryNorm);
        var key = NormaliseHeads(w, new(all, queries), keys, _keyNorm);
        if (places.HasAngles)
        {
            Rotate.Apply(w, query, places.Angles, _shape.HeadCount, _shape.HeadDim);
            Rotate.Apply(w, key, places.Angles, _shape.KeyValueHeadCount, _shape.HeadDim);
        }
        return (query, key, new(all, queries + keys));
    }

    // Each head is a row for the norm. Query-Key Normalization for Transformers, https://arxiv.org/abs/2010.04245, with the norm of
    // the model in place of the Euclidean, as in Qwen 3.
    private ColumnRange NormaliseHeads(Workspace w, ColumnRange x, int columns, Norm? norm)
    {
        if (norm is null) return x;
        var heads = columns / _shape.HeadDim;
        var taken = TakeColumns.Apply(w, x, columns);
        var normalised = norm.Apply(w, new Tensor(taken, taken.Rows * heads, _shape.HeadDim));
        return new(new Tensor(normalised, taken.Rows, columns), 0);
    }

    private Tensor Mix(Workspace w, Tensor mixed) => Linear.Apply(w, mixed, _output, _outputBias);
}
