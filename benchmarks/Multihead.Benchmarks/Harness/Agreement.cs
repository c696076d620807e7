using System.Globalization;

namespace Multihead.Benchmarks.Harness;

/// <summary>Whether two contestants have computed the same. The distance of two arrays is the norm of their difference over the
/// norm of theirs; for a single number that is the relative error.</summary>
internal static class Agreement
{
    /// <summary>The first array whose distance is above the tolerance, as a sentence; null where there is none.</summary>
    public static string? Fault(Exchange ours, Exchange theirs, double tolerance)
    {
        if (!ours.Names.SequenceEqual(theirs.Names))
            return $"one gives {string.Join(", ", ours.Names)}, the other {string.Join(", ", theirs.Names)}.";
        foreach (var name in ours.Names)
        {
            var distance = Distance(ours.Read(name), theirs.Read(name));
            if (!(distance <= tolerance)) // so that NaN is a fault
                return string.Create(CultureInfo.InvariantCulture, $"{name} differs by {distance:G3}, more than {tolerance:G3}.");
        }
        return null;
    }

    private static double Distance(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length) return double.PositiveInfinity;
        double difference = 0, size = 0;
        for (var i = 0; i < ours.Length; i++)
        {
            difference += ((double)ours[i] - theirs[i]) * ((double)ours[i] - theirs[i]);
            size += (double)theirs[i] * theirs[i];
        }
        return difference == 0 ? 0 : Math.Sqrt(difference / size);
    }
}
