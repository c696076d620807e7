using Multihead.Kernels.Gemm;
using Multihead.Kernels.Reductions;

namespace Multihead.Tensors.Operations;

/// <summary>y = x W^T + b. x: [rows, in]; W: [out, in]; b: [out] or none; y: [rows, out].</summary>
internal static unsafe class Linear
{
    public static Tensor Apply(Workspace w, Tensor x, Weight weight, Weight? bias)
    {
        var y = w.Allocate(x.Rows, weight.Rows);
        var mark = w.Arena.Mark();
        if (bias is null) Product(w, x, weight, y, default(NoEpilogue));
        else Product(w, x, weight, y, new AddBias(bias.Tensor.Data));
        w.Arena.Release(mark);
        w.Tape?.Record(new Record { X = x, W = weight.Tensor, B = bias?.Tensor ?? default, Y = y });
        return y;
    }

    private static void Product<TEpilogue>(Workspace w, Tensor x, Weight weight, Tensor y, TEpilogue epilogue)
        where TEpilogue : unmanaged, IEpilogue
    {
        var left = new Matrix(x.Data, x.Rows, x.Columns);
        if (weight.Packed is { } packed)
        {
            var scratch = w.Arena.Take<float>(MatrixProduct.ScratchFloats(x.Rows, x.Columns));
            MatrixProduct.Multiply(w.Team, left, packed, y.Data, y.Columns, false, scratch, epilogue);
        }
        else
        {
            var scratch = w.Arena.Take<float>(MatrixProduct.ScratchFloats(x.Rows, y.Columns, x.Columns));
            var right = new Matrix(weight.Tensor.Data, weight.Rows, weight.Columns).Transposed;
            MatrixProduct.Multiply(w.Team, left, right, y.Data, y.Columns, false, scratch, epilogue, w.ProductFormat);
        }
    }

    private struct Record : IBackward
    {
        public Tensor X, W, B, Y;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dy = new Matrix(Y.Gradient->Data, Y.Rows, Y.Columns);
            if (X.Gradient != null)
            {
                var dx = w.OpenGradient(X, out var accumulate); // dX = dY W
                Multiply(w, dy, new Matrix(W.Data, W.Rows, W.Columns), dx, accumulate);
            }
            var dw = w.OpenGradient(W, out var accumulateWeight); // dW = dY^T X
            Multiply(w, dy.Transposed, new Matrix(X.Data, X.Rows, X.Columns), dw, accumulateWeight);
            if (B.Data == null) return;
            var db = w.OpenGradient(B, out var accumulateBias);
            ColumnSum.Add(w.Team, dy.Data, db, Y.Rows, Y.Columns, accumulateBias);
        }

        private static void Multiply(Workspace w, in Matrix a, in Matrix b, float* c, bool accumulate)
        {
            var mark = w.Arena.Mark();
            var scratch = w.Arena.Take<float>(MatrixProduct.ScratchFloats(a.Rows, b.Columns, a.Columns));
            MatrixProduct.Multiply(w.Team, a, b, c, b.Columns, accumulate, scratch, default(NoEpilogue), w.ProductFormat);
            w.Arena.Release(mark);
        }
    }
}
