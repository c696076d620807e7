namespace Multihead.Tests.Kernels.Activations;

/// <summary>The standard normal distribution in double precision, by the series and the continued fraction of
/// textbooks.</summary>
internal static class NormalReference
{
    public static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    public static double Probability(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x)) return x > 0 ? 1 : 0;
        if (Math.Abs(x) > 3) return x < 0 ? Tail(-x) : 1 - Tail(x);
        // 1/2 + density * (x + x^3/3 + x^5/15 + ...)
        double term = x, sum = x;
        for (var k = 3; k < 200; k += 2) sum += term *= x * x / k;
        return 0.5 + Density(x) * sum;
    }

    // density / (x + 1/(x + 2/(x + 3/(x + ...))))
    private static double Tail(double x)
    {
        var fraction = x;
        for (var k = 200; k > 0; k--) fraction = x + k / fraction;
        return Density(x) / fraction;
    }
}
