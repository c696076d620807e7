using System.Globalization;

namespace Multihead.Tests;

/// <summary>Runs code as on a machine that writes 1234.5 as 1.234,5 and minus as U+2212. Built from the invariant culture,
/// since the tests run without ICU's data and so without a real de-DE.</summary>
internal static class CommaCulture
{
    public static T Run<T>(Func<T> code)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = culture.NumberFormat.PercentGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            Assert.Equal("\u22120,5", $"{-0.5}"); // it would be seen
            return code();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
