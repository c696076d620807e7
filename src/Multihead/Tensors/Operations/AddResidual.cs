using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tensors.Operations;

/// <summary>y = residual + dropout(x): the end of a sublayer after which no norm stands, in one pass over memory.</summary>
internal static class AddResidual
{
    public static Tensor Apply(Workspace w, Tensor residual, Tensor x, float dropoutRate)
    {
        var record = new Record { Sum = ResidualSum.Begin(w, residual, x, dropoutRate) };
        Dropout.Run(w.Team, record.Sum.Forward, x.Count);
        w.Tape?.Record(record);
        return record.Sum.Sum;
    }

    private struct Record : IBackward
    {
        public ResidualSum Sum;

        public readonly void Backward(Workspace w) => Sum.Backward(w);
    }
}
