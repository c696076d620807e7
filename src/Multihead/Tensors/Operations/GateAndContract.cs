using Multihead.Kernels.Activations;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tensors.Operations;

/// <summary>y = dropout(f(x Wg^T) * x Wu^T) Wd^T: the gated feed-forward layer, with its first two products as one. x: [rows, in];
/// Wg and Wu, one below the other: [2 * feedForwardDim, in]; Wd: [out, feedForwardDim]; y: [rows, out]. GLU Variants Improve
/// Transformer, https://arxiv.org/abs/2002.05202, equation 6.</summary>
internal static unsafe class GateAndContract
{
    public static Tensor Apply<TActivation>(Workspace w, Tensor x, Weight expand, Weight contract, float dropoutRate)
        where TActivation : unmanaged, IActivation
    {
        var width = contract.Columns;
        var y = w.Allocate(x.Rows, contract.Rows);
        var mark = w.Arena.Mark();
        var record = new Record<TActivation>
        {
            X = x,
            Y = y,
            Both = new Tensor(w.Arena.Take<float>(2L * x.Rows * width), x.Rows, 2 * width, null),
            Inner = new Tensor(w.Arena.Take<float>((long)x.Rows * width), x.Rows, width, null),
            Expand = expand.Tensor,
            ExpandOperand = expand.Operand(w.ProductFormat),
            Contract = contract.Tensor,
            ContractOperand = contract.Operand(w.ProductFormat),
            Rate = w.DropsOut ? dropoutRate : 0,
        };
        if (record.Rate > 0) record.Key = w.NextDropoutKey();
        Linear.Product(w, x, expand, record.Both.Data, default(NoEpilogue));
        Gate.Forward<TActivation>(w.Team, record.Both.Data, record.Inner.Data, x.Rows, width);
        if (record.Rate > 0)
            Dropout.Apply(w.Team, record.Inner.Data, record.Inner.Data, record.Inner.Count, record.Rate, record.Key);
        Linear.Product(w, record.Inner, contract, y.Data, default(NoEpilogue));
        if (w.Tape is null) w.Arena.Release(mark);
        else w.Tape.Record(record);
        return y;
    }

    private struct Record<TActivation> : IBackward where TActivation : unmanaged, IActivation
    {
        public Tensor X, Y, Both, Inner, Expand, Contract;
        public Matrix ExpandOperand, ContractOperand; // the weights as products take them
        public float Rate;
        public DropoutKey Key;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var accumulate = false;
            var dx = X.Gradient == null ? null : w.OpenGradient(X, out accumulate);
            var mark = w.Arena.Mark();
            var dy = new Matrix(Y.Gradient->Data, Y.Rows, Y.Columns);
            Linear.WeightGradients(w, dy, Inner, Contract, default);
            var dh = w.Arena.Take<float>(Inner.Count);
            Linear.InputGradient(w, dy, ContractOperand, dh, false, default(NoEpilogue));
            if (Rate > 0) Dropout.Apply(w.Team, dh, dh, Inner.Count, Rate, Key);
            Gate.Backward<TActivation>(w.Team, Both.Data, dh, Both.Rows, Inner.Columns);
            var dboth = new Matrix(Both.Data, Both.Rows, Both.Columns);
            if (dx != null) Linear.InputGradient(w, dboth, ExpandOperand, dx, accumulate, default(NoEpilogue));
            Linear.WeightGradients(w, dboth, X, Expand, default);
            w.Arena.Release(mark);
        }
    }
}
