using System.CommandLine;
using Multihead.Cli.Shell;

namespace Multihead.Cli.Tests.Shell;

public class NumberOptionTests
{
    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("8", 8.0)]
    [InlineData(".25", 0.25)]
    [InlineData("90", 90.0)]
    [InlineData("0,5", null)]
    [InlineData("1e1", null)]
    [InlineData("1,000", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("91", null)]
    [InlineData("NaN", null)]
    [InlineData("", null)]
    public void RealTakesAPointAndARange(string text, double? expected)
    {
        var option = NumberOption.Real("--minutes", "", 0.01, 90);
        var parsed = new RootCommand { option }.Parse(["--minutes", text]);
        Assert.Equal(expected is null, parsed.Errors.Count > 0);
        if (expected is not null) Assert.Equal(expected, parsed.GetValue(option));
        else Assert.Contains("--minutes takes a number from 0.01 to 90", parsed.Errors[0].Message, StringComparison.Ordinal);
    }
}
