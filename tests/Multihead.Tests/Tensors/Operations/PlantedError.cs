using Multihead.Tensors;

namespace Multihead.Tests.Tensors.Operations;

/// <summary>A fault put into an operation's backward pass on purpose: the gradient that it sends to one variable is multiplied by
/// a factor, as by a forgotten minus or a wrong scale.</summary>
internal sealed record PlantedError(string Variable, float Factor)
{
    /// <summary>Goes onto the tape before the operation, and so is played after it.</summary>
    public void Record(OperationBench bench) =>
        bench.Workspace.Tape!.Record(new Backwards { Tensor = bench[Variable], Factor = Factor });

    private unsafe struct Backwards : IBackward
    {
        public Tensor Tensor;
        public float Factor;

        public readonly void Backward(Workspace workspace)
        {
            for (var i = 0; i < Tensor.Count; i++) Tensor.Gradient->Data[i] *= Factor;
        }
    }
}
