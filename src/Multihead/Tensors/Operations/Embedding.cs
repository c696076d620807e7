using Multihead.Kernels.Embeddings;

namespace Multihead.Tensors.Operations;

/// <summary>y[t] = scale * table[ids[t]] + positions[positionIds[t]]. y: [tokens, dim].</summary>
internal static unsafe class Embedding
{
    /// <param name="w">Where to compute.</param>
    /// <param name="table">[vocabulary, dim].</param>
    /// <param name="ids">Token numbers, each below the vocabulary's size.</param>
    /// <param name="scale">The paper multiplies by sqrt(dim), section 3.4.</param>
    /// <param name="positions">[positions, dim] of fixed vectors that are added; not learned.</param>
    /// <param name="positionIds">The position of each token.</param>
    public static Tensor Apply(Workspace w, Weight table, ReadOnlySpan<int> ids, float scale, float* positions,
        ReadOnlySpan<int> positionIds) => Apply(w, table, ids, scale, new Tensor(positions, 0, table.Columns, null), positionIds);

    /// <summary>As the other, with vectors of positions that are learned, or none.</summary>
    public static Tensor Apply(Workspace w, Weight table, ReadOnlySpan<int> ids, float scale, Weight? positions,
        ReadOnlySpan<int> positionIds) => Apply(w, table, ids, scale, positions?.Tensor ?? default, positionIds);

    // Fixed vectors come as a tensor without a gradient.

    private static Tensor Apply(Workspace w, Weight table, ReadOnlySpan<int> ids, float scale, Tensor positions,
        ReadOnlySpan<int> positionIds)
    {
        var y = w.Allocate(ids.Length, table.Columns);
        var record = new Record
        {
            Table = table.Tensor,
            Positions = positions,
            Y = y,
            Ids = w.Keep(ids),
            PositionIds = w.Keep(positionIds),
            Scale = scale,
        };
        EmbeddingKernel.Gather(w.Team, record.Ids, table.Tensor.Data, y.Data, ids.Length, table.Columns, scale, positions.Data,
            record.PositionIds);
        w.Tape?.Record(record);
        return y;
    }

    private struct Record : IBackward
    {
        public Tensor Table, Positions, Y;
        public int* Ids, PositionIds;
        public float Scale;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            EmbeddingKernel.Scatter(w.Team, Ids, Y.Gradient->Data, w.OpenGradientToAdd(Table), Y.Rows, Y.Columns, Scale);
            if (Positions.Gradient == null) return;
            EmbeddingKernel.Scatter(w.Team, PositionIds, Y.Gradient->Data, w.OpenGradientToAdd(Positions), Y.Rows, Y.Columns, 1);
        }
    }
}
