using System.Text.RegularExpressions;

namespace Multihead.Tests.Documentation;

/// <summary>Shape comments speak the words of docs/shapes.md, and that page has no word that nobody speaks.</summary>
public partial class ShapeLegendTests
{
    private static readonly string[] Rooms = ["Kernels", "Tensors", "Models", "Inference"];

    [Fact]
    public void EveryNameInAShapeCommentIsInTheLegend()
    {
        var legend = Legend();
        var used = Sources().SelectMany(file => Shapes(File.ReadAllText(file)).SelectMany(Names).Select(name => (name, file))).ToArray();
        Assert.True(used.Length > 200, "the shape comments were not found");
        var strangers = used.Where(use => !legend.Contains(use.name)).Select(use => $"{Path.GetFileName(use.file)}: {use.name}");
        Assert.True(!strangers.Any(), string.Join('\n', strangers));
        Assert.Empty(legend.Except(used.Select(use => use.name)));
    }

    [Theory]
    [InlineData("/// <param name=\"x\">[rows, width]; may be y.</param>", "rows width")]
    [InlineData("/// <summary>Reads: ids to [sourceTokens, 2 * dim].</summary>", "sourceTokens dim")]
    [InlineData("float* _tile; // [RowBlock, Tile.Columns, vector], logits", "vector")]
    [InlineData("/// x: [rows, in]; W: [out, in]; b: [out] or none.", "rows in out in out")]
    [InlineData("/// <summary>y[i] = x[i, j] + bias[j] at a[row * aRow].</summary>", "")] // elements, not shapes
    [InlineData("var x = new[] { rows, width }; int[rows, width] y;", "")]
    [InlineData("/// [nonsense rows, width]", "nonsense rows width")]
    public void ShapesAreFoundInComments(string line, string names) =>
        Assert.Equal(names, string.Join(' ', Shapes(line).SelectMany(Names)));

    private static HashSet<string> Legend()
    {
        var page = File.ReadAllText(Path.Combine(TestData.RepositoryRoot(), "docs", "shapes.md"));
        return [.. LegendRow().Matches(page).Select(match => match.Groups["name"].Value)];
    }

    private static IEnumerable<string> Sources() => Rooms.SelectMany(room => Directory.EnumerateFiles(
        Path.Combine(TestData.RepositoryRoot(), "src", "Multihead", room), "*.cs", SearchOption.AllDirectories));

    private static IEnumerable<string> Shapes(string source) =>
        source.Split('\n').SelectMany(line => Comment().Matches(line)).SelectMany(comment => Shape().Matches(comment.Value))
            .Select(shape => shape.Groups["dims"].Value);

    // A name that begins with a capital letter is a constant of the code.
    private static IEnumerable<string> Names(string dimensions) => Word().Matches(dimensions).Select(word => word.Value)
        .Where(word => char.IsLower(word[0]));

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex LegendRow();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();

    // Brackets right behind a name hold an index.
    [GeneratedRegex(@"(?<![\w\]])\[(?<dims>[\w .]+(?:[,+*][\w .]+)*)\]")]
    private static partial Regex Shape();

    [GeneratedRegex(@"[A-Za-z_][\w.]*")]
    private static partial Regex Word();
}
