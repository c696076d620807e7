using Multihead.Cli.Commands;

namespace Multihead.Cli.Tests.Shell;

/// <summary>The command lines that pages and recipes show are understood.</summary>
public class WrittenCommandLinesTests
{
    private static readonly string Root = RepositoryRoot();

    public static TheoryData<string> Files =>
        [.. new[] { "README.md" }.Concat(Under("docs", "*.md")).Concat(Under("recipes", "*.json"))];

    [Theory]
    [MemberData(nameof(Files))]
    public void AreUnderstood(string file)
    {
        var text = File.ReadAllText(Path.Combine(Root, file));
        var root = CommandList.CreateRoot();
        Assert.Empty(WrittenCommandLines.Whole(text).SelectMany(line => WrittenCommandLines.Faults(root, line, whole: true))
            .Concat(WrittenCommandLines.Quoted(text).SelectMany(line => WrittenCommandLines.Faults(root, line, whole: false))));
    }

    [Fact]
    public void TheReadmeShowsEveryCommand()
    {
        var text = File.ReadAllText(Path.Combine(Root, "README.md"));
        var shown = WrittenCommandLines.Whole(text).Concat(WrittenCommandLines.Quoted(text)).ToArray();
        var root = CommandList.CreateRoot();
        foreach (var command in root.Subcommands.SelectMany(member => member.Subcommands.Count == 0
            ? [member.Name] : member.Subcommands.Select(inner => $"{member.Name} {inner.Name}")))
            Assert.Contains(shown, line => $"{line} ".StartsWith($"{command} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("```sh\nmultihead doctr\n```", "'doctr' is unknown")]
    [InlineData("```sh\nmultihead doctor --jsn   # a comment\n```", "'--jsn' is unknown")]
    [InlineData("```\ndotnet run -c Release --project src/Multihead.Cli -- corpus sdk\n```", "'--out' is required")]
    [InlineData("try `multihead doctr` now", "'doctr' is unknown")]
    [InlineData("  // multihead doctr\n", "'doctr' is unknown")]
    [InlineData("```sh\nmultihead score a b < c | sort > d\nls --all\n```\nand `multihead corpus sdk`", "")]
    public void PlantedFaultsAreSeen(string text, string fault)
    {
        var root = CommandList.CreateRoot();
        var faults = WrittenCommandLines.Whole(text).SelectMany(line => WrittenCommandLines.Faults(root, line, whole: true))
            .Concat(WrittenCommandLines.Quoted(text).SelectMany(line => WrittenCommandLines.Faults(root, line, whole: false)));
        if (fault.Length == 0) Assert.Empty(faults);
        else Assert.Contains(faults, found => found.Contains(fault, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Under(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern).Select(path => Path.GetRelativePath(Root, path));

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Multihead.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
