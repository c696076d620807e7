using Multihead.Kernels.RandomNumbers;

namespace Multihead.Benchmarks.Harness;

/// <summary>Inputs drawn from a seed.</summary>
internal static class RandomInputs
{
    /// <summary>Writes <paramref name="count"/> numbers, uniform in [-range, range).</summary>
    /// <param name="inputs">Where to write.</param>
    /// <param name="name">What to call them.</param>
    /// <param name="stream">Another sequence for each array of a case.</param>
    /// <param name="count">How many.</param>
    /// <param name="range">Above 0.</param>
    public static void Write(Exchange inputs, string name, ulong stream, int count, float range)
    {
        var random = new PhiloxGenerator(seed: 1, stream);
        var values = new float[count];
        foreach (ref var value in values.AsSpan()) value = (2 * random.NextFloat() - 1) * range;
        inputs.Write(name, values);
    }
}
