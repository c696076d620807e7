using System.Globalization;

namespace Multihead.Text.Metrics;

/// <summary>Numbers with a fixed count of decimals, rounded as C and Python round them.</summary>
internal static class Decimals
{
    /// <summary>The value with so many decimals; one that lies exactly between two goes to the even one (6.25 to 6.2), where
    /// .NET's format would go away from zero.</summary>
    public static string Of(double value, int decimals)
    {
        var power = Math.Pow(10, decimals);
        var scaled = value * power;
        var isExact = Math.FusedMultiplyAdd(value, power, -scaled) == 0;
        if (isExact && Math.Abs(scaled - Math.Truncate(scaled)) == 0.5)
            value = Math.Round(scaled, MidpointRounding.ToEven) / power;
        return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
