using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;

namespace Multihead.Tensors.Operations;

/// <summary>A copy of some columns of a tensor, row after row without gaps: [rows, columns].</summary>
internal static unsafe class TakeColumns
{
    public static Tensor Apply(Workspace w, ColumnRange from, int columns)
    {
        var y = w.Allocate(from.Tensor.Rows, columns);
        var step = new CopyRow(from.Tensor.Data + from.First, from.Tensor.Columns, y.Data, columns);
        RowLoop.Run(w.Team, step, y.Rows, columns);
        w.Tape?.Record(new Record { From = from, Y = y });
        return y;
    }

    private struct Record : IBackward
    {
        public ColumnRange From;
        public Tensor Y;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            // Other columns have gradients of their own: whoever opens the tensor's first clears it.
            var gradient = w.OpenGradientToAdd(From.Tensor) + From.First;
            RowLoop.Run(w.Team, new AddRow(Y.Gradient->Data, gradient, From.Tensor.Columns, Y.Columns), Y.Rows, Y.Columns);
        }
    }

    private readonly struct CopyRow(float* from, long fromStride, float* to, int columns) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct =>
            new ReadOnlySpan<float>(from + row * fromStride, columns).CopyTo(new Span<float>(to + (long)row * columns, columns));
    }

    private readonly struct AddRow(float* from, float* to, long toStride, int columns) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var destination = to + row * toStride;
            FlatLoop.Range<TSimd, V, VectorAdd.AddStep>(new(from + (long)row * columns, destination, destination), 0, columns);
        }
    }
}
