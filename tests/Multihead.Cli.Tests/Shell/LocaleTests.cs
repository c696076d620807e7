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

        Assert.Equal(plain.Output, Tool.RunGerman(_folder, arguments).Succeeded().Output);

        // 1,5 is a number in German, and 1.024 a thousand.
        Tool.RunGerman(_folder, ["doctor", "--threads", "1,5"]).FailedWith(2, "'1,5'");
        Tool.RunGerman(_folder, ["doctor", "--threads", "1.024"]).FailedWith(2, "'1.024'");
    }
}
