namespace Multihead.Cli.Tests.Shell;

public class UsageTests
{
    [Theory]
    [InlineData("doctr", "did you mean 'doctor'?")]
    [InlineData("doctor --jsn", "did you mean '--json'?")]
    [InlineData("doctor extra", "no further argument 'extra'")]
    [InlineData("--json", "no option '--json'")]
    [InlineData("@responses", "no command '@responses'")]
    [InlineData("doctor --threads", "--threads")]
    [InlineData("doctor --threads 0", "from 1 to 1024, not '0'")]
    [InlineData("doctor --threads 1,5", "not '1,5'")]
    [InlineData("doctor --threads 2 --threads 3", "--threads")]
    public void AMistakeIsOneSentenceOnStandardErrorAndExitCode2(string commandLine, string words)
    {
        var result = Tool.Run(commandLine.Split(' ')).FailedWith(2, words);
        Assert.StartsWith("Run 'multihead", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.EndsWith("--help'.", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(2, result.ErrorLines.Length);
    }

    [Fact]
    public void NoArgumentsShowTheHelp()
    {
        var result = Tool.Run().Succeeded();
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void VersionIsOneLine() => Assert.Single(Tool.Run("--version").Succeeded().OutputLines);
}
