namespace Multihead.Tests.Kernels;

/// <summary>Compares floats with a double-precision reference.</summary>
internal static class Close
{
    /// <summary>|actual - expected| is at most absolute + relative |expected|; NaN and infinities stand where expected.</summary>
    public static void Assert(double expected, float actual, double absolute, double relative, string where)
    {
        var agree = double.IsNaN(expected) ? float.IsNaN(actual)
            : double.IsInfinity(expected) ? expected == actual
            : Math.Abs(actual - expected) <= absolute + relative * Math.Abs(expected);
        if (!agree) Xunit.Assert.Fail($"{where}: expected {expected:R}, was {actual:R}");
    }

    /// <summary>The same for every element.</summary>
    public static void Assert(Func<int, double> expected, ReadOnlySpan<float> actual, double absolute, double relative,
        string where)
    {
        for (var i = 0; i < actual.Length; i++) Assert(expected(i), actual[i], absolute, relative, $"{where}, element {i}");
    }
}
