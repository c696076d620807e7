using System.Text.Json;

namespace Multihead.Cli.Tests;

/// <summary>How a run of the tool ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The non-empty lines of standard output.</summary>
    public string[] OutputLines => Lines(Output);

    /// <summary>The non-empty lines of standard error.</summary>
    public string[] ErrorLines => Lines(Error);

    /// <summary>The last line of standard output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(OutputLines[^1]).RootElement;

    /// <summary>Asserts that it went well and returns itself.</summary>
    public ToolResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return this;
    }

    /// <summary>Asserts that it failed with one sentence about <paramref name="words"/>, no stack trace and no results.</summary>
    public ToolResult FailedWith(int exitCode, params string[] words)
    {
        Assert.Empty(Output);
        return FailedWithAfterResults(exitCode, words);
    }

    /// <summary>As <see cref="FailedWith"/>, where results may have come before the failure.</summary>
    public ToolResult FailedWithAfterResults(int exitCode, params string[] words)
    {
        Assert.Equal(exitCode, ExitCode);
        var sentence = Assert.Single(ErrorLines, line => !line.StartsWith("Run '", StringComparison.Ordinal));
        foreach (var word in words) Assert.Contains(word, sentence, StringComparison.Ordinal);
        return this;
    }

    /// <summary>As <see cref="FailedWith"/>, where notes about what was done may have come before the sentence.</summary>
    public ToolResult FailedAfterNotes(int exitCode, params string[] words)
    {
        Assert.Empty(Output);
        Assert.Equal(exitCode, ExitCode);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        foreach (var word in words) Assert.Contains(word, ErrorLines[^1], StringComparison.Ordinal);
        return this;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
