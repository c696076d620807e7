namespace Multihead.Tests.Tensors.Onnx;

/// <summary>Operators agree with the fixtures that ONNX tests its back ends with, https://github.com/onnx/onnx.</summary>
public class OnnxFixtureTests
{
    public static TheoryData<string> Names => [.. OnnxTable.Applicable.SelectMany(row => row.Fixtures)];

    [Theory, MemberData(nameof(Names))]
    public void AgreesWithTheFixture(string name) =>
        OnnxTable.Applicable.Single(row => row.Fixtures.Contains(name)).Check(OnnxFixture.Load("test_" + name));

    [Fact]
    public void EveryFixtureIsMetOrLeftOutForAReason()
    {
        var names = Directory.GetDirectories(OnnxFixture.Folder())
            .Select(path => Path.GetFileName(path)["test_".Length..]).ToArray();
        var met = OnnxTable.Applicable.SelectMany(row => row.Fixtures).ToHashSet();
        var leftOut = OnnxTable.LeftOut.SelectMany(row => row.Beginnings).ToArray();
        Assert.Empty(met.Except(names));
        Assert.All(names, name => Assert.True(met.Contains(name) || leftOut.Any(beginning => Begins(name, beginning)),
            $"{name} is neither met nor left out"));
        Assert.All(leftOut, beginning => Assert.Contains(names, name => Begins(name, beginning) && !met.Contains(name)));
    }

    private static bool Begins(string name, string beginning) => name.StartsWith(beginning, StringComparison.Ordinal);
}
