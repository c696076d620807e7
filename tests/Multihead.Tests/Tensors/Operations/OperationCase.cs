namespace Multihead.Tests.Tensors.Operations;

/// <summary>An operation at work: once by the engine and once written out in doubles, so that the gradients of one can be held
/// against the differences of the other.</summary>
/// <param name="Name">Tells the case.</param>
/// <param name="Operation">The operation whose case it is.</param>
/// <param name="Variables">All that a gradient is wanted for.</param>
/// <param name="Forward">Runs the engine, sends a gradient in, and returns the loss that it is the gradient of.</param>
/// <param name="Loss">The same loss in doubles.</param>
internal sealed record OperationCase(string Name, Type Operation, IReadOnlyList<Variable> Variables,
    Func<OperationBench, double> Forward, Func<PlainBench, double> Loss);

/// <summary>A matrix that goes into an operation.</summary>
/// <param name="Name">Tells it.</param>
/// <param name="Rows">Rows; a weight of one row is a vector.</param>
/// <param name="Columns">Columns.</param>
/// <param name="IsWeight">A weight, or else an input.</param>
internal sealed record Variable(string Name, int Rows, int Columns, bool IsWeight)
{
    public int Count => Rows * Columns;

    public static Variable Input(string name, int rows, int columns) => new(name, rows, columns, false);

    public static Variable Weight(string name, int rows, int columns) => new(name, rows, columns, true);
}
