using Multihead.Kernels.Positions;

namespace Multihead.Tensors.Operations;

/// <summary>Turns the heads of some columns of a tensor in place by the angles of their rows' positions
/// (<see cref="Rotary"/>). Nothing before it may need the values as they were: a product's backward pass does not.</summary>
internal static unsafe class Rotate
{
    /// <param name="w">Where to compute.</param>
    /// <param name="x">Columns [rows, heads * headDim]; changed.</param>
    /// <param name="angles">[rows, 2 * pairs]: cosines, then sines.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headDim">Columns of a head, at least 2 * pairs.</param>
    public static void Apply(Workspace w, ColumnRange x, Tensor angles, int heads, int headDim)
    {
        Turn(w, x.Tensor.Data + x.First, x.Tensor, angles, heads, headDim, back: false);
        w.Tape?.Record(new Record { X = x, Angles = angles, Heads = heads, HeadDim = headDim });
    }

    private static void Turn(Workspace w, float* x, in Tensor tensor, in Tensor angles, int heads, int headDim, bool back) =>
        Rotary.Turn(w.Team, x, tensor.Columns, angles.Data, tensor.Rows, heads, headDim, angles.Columns / 2, back);

    private struct Record : IBackward
    {
        public ColumnRange X;
        public Tensor Angles;
        public int Heads, HeadDim;

        public readonly void Backward(Workspace w)
        {
            if (X.Tensor.HasGradient)
                Turn(w, X.Tensor.Gradient->Data + X.First, X.Tensor, Angles, Heads, HeadDim, back: true);
        }
    }
}
