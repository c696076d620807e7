namespace Multihead.Cli.Tests;

public class SmokeTests
{
    [Fact]
    public void TheToolIsBuiltBesideTheTests() => Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "multihead.dll")));
}
