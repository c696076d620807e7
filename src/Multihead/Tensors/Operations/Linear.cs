using Multihead.Kernels.Gemm;
using Multihead.Kernels.Reductions;

namespace Multihead.Tensors.Operations;

/// <summary>y = x W^T + b. x: [rows, in]; W: [out, in]; b: [out] or none; y: [rows, out].</summary>
internal static unsafe class Linear
{
    public static Tensor Apply(Workspace w, Tensor x, Weight weight, Weight? bias)
    {
        var y = w.Allocate(x.Rows, weight.Rows);
        if (bias is null) Product(w, x, weight, y.Data, default(NoEpilogue));
        else Product(w, x, weight, y.Data, new AddBias(bias.Tensor.Data));
        w.Tape?.Record(new Record
        {
            X = x,
            W = weight.Tensor,
            Operand = weight.Operand(w.ProductFormat),
            B = bias?.Tensor ?? default,
            Y = y,
        });
        return y;
    }

    /// <summary>y = x W^T, and the epilogue.</summary>
    public static void Product<TEpilogue>(Workspace w, in Tensor x, Weight weight, float* y, TEpilogue epilogue)
        where TEpilogue : unmanaged, IEpilogue
    {
        var left = new Matrix(x.Data, x.Rows, x.Columns);
        if (weight.Packed is { } packed) MatrixProduct.Multiply(w.Team, left, packed, y, weight.Rows, false, epilogue);
        else Multiply(w, left, weight.Operand(w.ProductFormat).Transposed, y, false, epilogue);
    }

    /// <summary>dX = dY W or dX += dY W, and the epilogue.</summary>
    public static void InputGradient<TEpilogue>(Workspace w, in Matrix dy, in Matrix weight, float* dx, bool accumulate,
        TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue =>
        Multiply(w, dy, weight, dx, accumulate, epilogue);

    /// <summary>dW = dY^T X and db = the sum of the rows of dY, where there is a b.</summary>
    public static void WeightGradients(Workspace w, in Matrix dy, in Tensor x, in Tensor weight, in Tensor bias)
    {
        var dw = w.OpenGradient(weight, out var accumulate);
        Multiply(w, dy.Transposed, new Matrix(x.Data, x.Rows, x.Columns), dw, accumulate, default(NoEpilogue));
        if (bias.Data == null) return;
        var db = w.OpenGradient(bias, out accumulate);
        ColumnSum.Add(w.Team, dy.Data, db, dy.Rows, dy.Columns, accumulate);
    }

    private static void Multiply<TEpilogue>(Workspace w, in Matrix a, in Matrix b, float* c, bool accumulate, TEpilogue epilogue)
        where TEpilogue : unmanaged, IEpilogue =>
        MatrixProduct.Multiply(w.Team, a, b, c, b.Columns, accumulate, epilogue, w.ProductFormat);

    private struct Record : IBackward
    {
        public Tensor X, W, B, Y;
        public Matrix Operand; // W as products take it

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dy = new Matrix(Y.Gradient->Data, Y.Rows, Y.Columns);
            if (X.Gradient != null)
            {
                var dx = w.OpenGradient(X, out var accumulate);
                InputGradient(w, dy, Operand, dx, accumulate, default(NoEpilogue));
            }
            WeightGradients(w, dy, X, W, B);
        }
    }
}
