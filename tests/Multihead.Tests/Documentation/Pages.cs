using System.Text.RegularExpressions;

namespace Multihead.Tests.Documentation;

/// <summary>The pages for people: the README and what stands in docs.</summary>
internal static partial class Pages
{
    public static string Root { get; } = TestData.RepositoryRoot();

    /// <summary>Paths relative to the repository.</summary>
    public static IEnumerable<string> Names =>
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md").Select(path => Path.GetRelativePath(Root, path))];

    public static string Read(string name) => File.ReadAllText(Path.Combine(Root, name));

    /// <summary>The fenced blocks of a language.</summary>
    public static IEnumerable<string> Blocks(string page, string language) =>
        Fence().Matches(page).Where(fence => fence.Groups["language"].Value == language).Select(fence => fence.Groups["code"].Value);

    /// <summary>What stands between single backticks outside of blocks.</summary>
    public static IEnumerable<string> Quoted(string page) =>
        Backticks().Matches(Fence().Replace(page, "")).Select(quoted => quoted.Groups["code"].Value);

    [GeneratedRegex("^```(?<language>\\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<code>[^`\n]+)`")]
    private static partial Regex Backticks();
}
