using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Tensors.Operations;

/// <summary>Where an <see cref="OperationCase"/> is computed in doubles.</summary>
internal sealed class PlainBench(IReadOnlyDictionary<string, PlainMatrix> values, ulong? dropoutSeed)
{
    private int _sent;

    public PlainDropout Dropout { get; } = new(dropoutSeed);

    public PlainMatrix this[string name] => values[name];

    /// <inheritdoc cref="OperationBench.Send"/>
    public double Send(PlainMatrix y)
    {
        var loss = 0.0;
        for (var i = 0; i < y.Data.Length; i++) loss += Factor(_sent, i) * y.Data[i];
        _sent++;
        return loss;
    }

    /// <summary>What element <paramref name="index"/> of the output sent as number <paramref name="sent"/> counts in the loss.
    /// </summary>
    public static float Factor(int sent, int index) => (float)Math.Sin(1 + 2.3 * index + 0.7 * sent);
}
