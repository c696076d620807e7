using System.Text.RegularExpressions;

namespace Multihead.Tests.Documentation;

/// <summary>What the pages name is there.</summary>
public partial class PagesTests
{
    private static readonly string[] Folders = ["src", "tests", "docs", "recipes", "samples", ".ci"];

    public static TheoryData<string> Names => [.. Pages.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void RelativeLinksLeadSomewhere(string name)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Pages.Root, name))!;
        Assert.DoesNotContain(Targets(Pages.Read(name)), target => !Path.Exists(Path.Combine(folder, target)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void QuotedPathsAndTestsExist(string name)
    {
        var quoted = Pages.Quoted(Pages.Read(name)).ToArray();
        Assert.DoesNotContain(quoted.Where(IsPath), path => !Path.Exists(Path.Combine(Pages.Root, path)));
        var classes = Directory.EnumerateFiles(Path.Combine(Pages.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        Assert.DoesNotContain(quoted.Where(word => TestName().IsMatch(word)), word => !classes.Contains(word));
    }

    [Fact]
    public void TheReadmesCodeIsThatOfTheSamples()
    {
        var blocks = Pages.Blocks(Pages.Read("README.md"), "csharp").ToArray();
        Assert.Equal(["samples/Translate/Program.cs", "samples/Learn/Program.cs"],
            blocks.Select(block => Samples().FirstOrDefault(file => Pages.Read(file) == block)));
    }

    [Fact]
    public void PlantedFaultsAreSeen()
    {
        const string page = "see [this](docs/no.md#part) and [that](https://example.org/no.md), `src/No.cs`, `NoTests`\n";
        Assert.Equal(["docs/no.md"], Targets(page));
        Assert.Equal(["src/No.cs"], Pages.Quoted(page).Where(IsPath));
        Assert.Equal(["NoTests"], Pages.Quoted(page).Where(word => TestName().IsMatch(word)));
    }

    private static IEnumerable<string> Targets(string page) => Link().Matches(page).Select(link => link.Groups["target"].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal)).Select(target => target.Split('#')[0])
        .Where(target => target.Length > 0);

    private static bool IsPath(string quoted) => Folders.Contains(quoted.Split('/')[0]) && !quoted.Contains(' ', StringComparison.Ordinal);

    private static IEnumerable<string> Samples() => Directory.EnumerateFiles(Path.Combine(Pages.Root, "samples"), "Program.cs",
        SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Pages.Root, file).Replace('\\', '/'));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[A-Z]\w*Tests$")]
    private static partial Regex TestName();
}
