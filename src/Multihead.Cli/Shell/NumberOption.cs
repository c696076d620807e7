using System.CommandLine;
using System.Globalization;

namespace Multihead.Cli.Shell;

/// <summary>Options whose value is a number: the same in every locale, with a range, and one sentence where it is wrong.</summary>
internal static class NumberOption
{
    /// <summary>An optional whole number of <paramref name="minimum"/>..<paramref name="maximum"/>; null where not given.</summary>
    public static Option<int?> Whole(string name, string description, int minimum, int maximum) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= minimum && value <= maximum) return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture,
                $"{name} takes a whole number from {minimum} to {maximum}, not '{text}'."));
            return null;
        },
    };

    /// <summary>An optional number with a point before its decimals, of <paramref name="minimum"/>..<paramref name="maximum"/>;
    /// null where not given.</summary>
    public static Option<double?> Real(string name, string description, double minimum, double maximum) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
            if (double.TryParse(text, style, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture,
                $"{name} takes a number from {minimum} to {maximum} such as {(minimum <= 0.5 ? "0.5" : "1.5")}, not '{text}'."));
            return null;
        },
    };
}
