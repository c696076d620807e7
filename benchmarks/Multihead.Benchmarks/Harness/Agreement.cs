using System.Globalization;

namespace Multihead.Benchmarks.Harness;

/// <summary>Whether two contestants have computed the same. An array agrees where no element is further from the other's than
/// the tolerance times the root of the mean square of theirs; for a single number that is the relative error.</summary>
internal static class Agreement
{
    /// <summary>The first array that does not agree, as a sentence; null where all do.</summary>
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
        double largest = 0, squares = 0;
        for (var i = 0; i < ours.Length; i++)
        {
            var difference = Math.Abs((double)ours[i] - theirs[i]);
            if (double.IsNaN(difference)) return difference;
            largest = Math.Max(largest, difference);
            squares += (double)theirs[i] * theirs[i];
        }
        return largest == 0 ? 0 : largest / Math.Sqrt(squares / theirs.Length);
    }
}
