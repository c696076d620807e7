using Multihead.Kernels.Embeddings;

namespace Multihead.Tensors.Operations;

/// <summary>A copy of some rows of a tensor: y[i] = x[rows[i]]. x: [rows, columns]; y: [count, columns].</summary>
internal static unsafe class TakeRows
{
    public static Tensor Apply(Workspace w, Tensor x, ReadOnlySpan<int> rows)
    {
        var record = new Record { X = x, Y = w.Allocate(rows.Length, x.Columns), Rows = w.Keep(rows) };
        EmbeddingKernel.Gather(w.Team, record.Rows, x.Data, record.Y.Data, rows.Length, x.Columns, 1);
        w.Tape?.Record(record);
        return record.Y;
    }

    private struct Record : IBackward
    {
        public Tensor X, Y;
        public int* Rows;

        public readonly void Backward(Workspace w)
        {
            if (Y.HasGradient)
                EmbeddingKernel.Scatter(w.Team, Rows, Y.Gradient->Data, w.OpenGradientToAdd(X), Y.Rows, Y.Columns, 1);
        }
    }
}
