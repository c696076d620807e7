using System.Text.Json.Nodes;

namespace Multihead.Cli.Tests.Shell;

public sealed class LocaleTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NumbersAreTheSameUnderAGermanLocale()
    {
        var hypotheses = _folder.Write("hypotheses", "ein kleiner Test von vielen\n");
        var references = _folder.Write("references", "ein kleiner Test von einigen\n");
        string[] arguments = ["score", hypotheses, references, "--json"];
        var plain = Tool.Run(arguments).Succeeded();

        var german = RunWithCultures(arguments);
        if (german.Error.Contains("libicu", StringComparison.Ordinal)) Assert.Skip("needs ICU, which this system does not have");
        Assert.Equal(plain.Output, german.Succeeded().Output);

        // 1,5 is a number in German, and 1.024 a thousand.
        RunWithCultures(["doctor", "--threads", "1,5"]).FailedWith(2, "'1,5'");
        RunWithCultures(["doctor", "--threads", "1.024"]).FailedWith(2, "'1.024'");
    }

    /// <summary>The tool is built for the invariant culture alone; this run takes that setting away.</summary>
    private ToolResult RunWithCultures(string[] arguments)
    {
        var built = Path.ChangeExtension(Tool.Path, ".runtimeconfig.json");
        var settings = JsonNode.Parse(File.ReadAllText(built))!;
        settings["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"] = false;
        settings["runtimeOptions"]!["configProperties"]!["System.Globalization.PredefinedCulturesOnly"] = false;
        var changed = _folder.Write("cultures.runtimeconfig.json", settings.ToJsonString());
        using var process = Tool.Start(["exec", "--runtimeconfig", changed, Tool.Path, .. arguments], ("LANG", "de_DE.UTF-8"),
            ("LC_ALL", "de_DE.UTF-8"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"));
        return Tool.Finish(process);
    }
}
