namespace Multihead.Tests;

public class NearestNameTests
{
    [Theory]
    [InlineData("transfomer-base", "transformer-base")]
    [InlineData("transformer-bgi", "transformer-big")]
    [InlineData("TRANSFORMER-TINY", "transformer-tiny")]
    [InlineData("", "transformer-big")]
    public void FindsWhatWasMeant(string given, string meant) =>
        Assert.Equal(meant, NearestName.Of(given, ["transformer-base", "transformer-big", "transformer-tiny"]));

    [Fact]
    public void NothingIsNearestToNothing() => Assert.Null(NearestName.Of("x", []));

    [Theory]
    [InlineData("abcd", "abcd", 0)]
    [InlineData("abcd", "abdc", 1)] // a swap of neighbours is one edit
    [InlineData("ca", "abc", 3)] // each part is edited once: not 2
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    public void CountsEdits(string left, string right, int edits)
    {
        Assert.Equal(edits, NearestName.Edits(left, right));
        Assert.Equal(edits, NearestName.Edits(right, left));
    }

    [Fact]
    public void AgreesWithTheRecursiveDefinition()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var left = Letters(random);
            var right = Letters(random);
            Assert.Equal(Reference(left, right), NearestName.Edits(left, right));
        }
    }

    [Fact]
    public void AHugeKeyCostsLittle()
    {
        var known = Enumerable.Range(0, 1000).Select(i => $"model.encoder.layers.{i}.self_attn.q_proj.weight").ToArray();
        Assert.NotNull(NearestName.Of(new string('x', 10_000_000), known));
    }

    private static string Letters(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => (char)('a' + random.Next(3))));

    private static int Reference(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0) return a.Length + b.Length;
        var best = Math.Min(Reference(a[..^1], b), Reference(a, b[..^1])) + 1;
        best = Math.Min(best, Reference(a[..^1], b[..^1]) + (a[^1] == b[^1] ? 0 : 1));
        if (a.Length > 1 && b.Length > 1 && a[^1] == b[^2] && a[^2] == b[^1])
            best = Math.Min(best, Reference(a[..^2], b[..^2]) + 1);
        return best;
    }
}
