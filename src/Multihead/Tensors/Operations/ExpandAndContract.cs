using Multihead.Kernels.Activations;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tensors.Operations;

/// <summary>y = dropout(f(x W1^T + b1)) W2^T + b2: two products with all that stands between them done in registers as the first
/// is stored, and on the way back as the second's gradient is. x: [rows, in]; W1: [feedForwardDim, in]; W2:
/// [out, feedForwardDim]; y: [rows, out].</summary>
internal static unsafe class ExpandAndContract
{
    /// <summary>The two products with activation f and dropout at <paramref name="dropoutRate"/> between them.</summary>
    public static Tensor Apply<TActivation>(Workspace w, Tensor x, Weight expand, Weight expandBias, Weight contract,
        Weight contractBias, float dropoutRate) where TActivation : unmanaged, IActivation
    {
        var rate = w.DropsOut ? dropoutRate : 0;
        var plain = w.Tape is null && rate == 0;
        var y = w.Allocate(x.Rows, contract.Rows);
        var mark = w.Arena.Mark();
        var inner = new Tensor(w.Arena.Take<float>((long)x.Rows * expand.Rows), x.Rows, expand.Rows, null);
        var record = new Record<TActivation>
        {
            X = x,
            Y = y,
            Inner = inner,
            Kept = TActivation.OutputTellsDerivative || plain ? inner.Data : w.Arena.Take<float>(inner.Count),
            Expand = expand.Tensor,
            ExpandOperand = expand.Operand(w.ProductFormat),
            ContractOperand = contract.Operand(w.ProductFormat),
            ExpandBias = expandBias.Tensor,
            Contract = contract.Tensor,
            ContractBias = contractBias.Tensor,
            Rate = rate,
        };
        var addBias = new AddBias(expandBias.Tensor.Data);
        if (plain) Linear.Product(w, x, expand, inner.Data, new Then<AddBias, Activate<TActivation>>(addBias, default));
        else if (rate == 0) Bend(w, expand, record, addBias, default(KeepAll));
        else Bend(w, expand, record, addBias, new DropElements(rate, w.NextDropoutKey(), inner.Columns));
        Linear.Product(w, inner, contract, y.Data, new AddBias(contractBias.Tensor.Data));
        if (w.Tape is null) w.Arena.Release(mark);
        else w.Tape.Record(record);
        return y;
    }

    private static void Bend<TActivation, TDropout>(Workspace w, Weight expand, in Record<TActivation> record, AddBias addBias,
        TDropout dropout) where TActivation : unmanaged, IActivation where TDropout : unmanaged, IDropout =>
        Linear.Product(w, record.X, expand, record.Inner.Data, new Then<AddBias, ActivateAndDropOut<TActivation, TDropout>>(
            addBias, new(dropout, record.KeptOperand)));

    private struct Record<TActivation> : IBackward where TActivation : unmanaged, IActivation
    {
        public Tensor X, Y, Inner, Expand, ExpandBias, Contract, ContractBias;
        public Matrix ExpandOperand, ContractOperand; // the weights as products take them
        public float* Kept; // [rows, feedForwardDim]: the slopes of the activation, or Inner where it tells them
        public float Rate;

        public readonly MatrixOperand KeptOperand => new(Kept, Inner.Columns);

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var accumulate = false;
            var dx = X.Gradient == null ? null : w.OpenGradient(X, out accumulate);
            var mark = w.Arena.Mark();
            var dy = new Matrix(Y.Gradient->Data, Y.Rows, Y.Columns);
            // The gradient of x W1^T + b1.
            var dsum = new Matrix(w.Arena.Take<float>(Inner.Count), Inner.Rows, Inner.Columns);
            Linear.InputGradient(w, dy, ContractOperand, dsum.Data, false,
                new MultiplyBySlope<TActivation>(Dropout.Scale(Rate), KeptOperand));
            Linear.WeightGradients(w, dy, Inner, Contract, ContractBias);
            if (dx != null) Linear.InputGradient(w, dsum, ExpandOperand, dx, accumulate, default(NoEpilogue));
            Linear.WeightGradients(w, dsum, X, Expand, ExpandBias);
            w.Arena.Release(mark);
        }
    }
}
