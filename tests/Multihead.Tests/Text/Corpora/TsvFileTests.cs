using Multihead.Text.Corpora;

namespace Multihead.Tests.Text.Corpora;

public sealed class TsvFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ColumnsAreChosenByNumber()
    {
        var path = _folder.Write("table.tsv", "\uFEFFone\teins\tun\r\n\"two\"\tzw\\tei\t\r\n\t\tdeux\n");
        Assert.Equal([new("one", "eins"), new("\"two\"", "zw\\tei"), new("", "")], TsvFile.Read(path).Pairs);
        Assert.Equal([new("un", "one"), new("", "\"two\""), new("deux", "")], TsvFile.Read(path, 3, 1).Pairs);
        Assert.Equal([new("eins", "eins"), new("zw\\tei", "zw\\tei"), new("", "")], TsvFile.Read(path, 2, 2).Pairs);
        Assert.Equal("table.tsv", TsvFile.Read(path).Name);
    }

    [Fact]
    public void AMissingColumnIsToldByLine()
    {
        var path = _folder.Write("table.tsv", "a\tb\nc\td\n\n");
        var fault = Assert.Throws<MultiheadException>(() => TsvFile.Read(path)).Message;
        Assert.Contains($"Line 3 of '{path}' has no column 2, it has 1;", fault, StringComparison.Ordinal);
        fault = Assert.Throws<MultiheadException>(() => TsvFile.Read(path, 1, 5)).Message;
        Assert.Contains($"Line 1 of '{path}' has no column 5, it has 2;", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, -1)]
    public void ColumnsBeginAtOne(int source, int target) => Assert.Contains("the first column is 1",
        Assert.Throws<MultiheadException>(() => TsvFile.Read("any", source, target)).Message, StringComparison.Ordinal);
}
