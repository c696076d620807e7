using Multihead.Text.Corpora.Sdk;

namespace Multihead.Tests.Text.Corpora.Sdk;

public sealed class SdkFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void VersionsAreOrderedByTheirNumbersAndPreviewsComeFirst()
    {
        string[] order =
        [
            "8.0.100", "9.0.99", "9.0.100", "10.0.100-alpha.1", "10.0.100-preview.2", "10.0.100-preview.10", "10.0.100-rc.1",
            "10.0.100-rc.1.2", "10.0.100", "10.0.401", "10.1", "10.1.0", "11.0.100-preview.1",
        ];
        for (var i = 0; i < order.Length; i++)
            for (var j = 0; j < order.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(SdkVersionOrder.Instance.Compare(order[i], order[j])));
    }

    [Fact]
    public void TheNewestOfTheFirstInstallationThatHasOneIsTaken()
    {
        Make("one/sdk/9.0.100", "dotnet.dll");
        Make("one/sdk/10.0.100-rc.1", "dotnet.dll");
        Make("one/sdk/99.0.0", "notes.txt"); // what an uninstaller left behind
        Make("two/sdk/11.0.100", "dotnet.dll");
        Make("runtimes/shared/x", "x.dll");
        Assert.Equal(_folder["one/sdk/10.0.100-rc.1"], FindIn("missing", "runtimes", "one", "two"));
        Assert.Equal(_folder["two/sdk/11.0.100"], FindIn("two", "one"));

        string FindIn(params string[] installations) => SdkFolder.FindIn(installations.Select(name => _folder[name]));
    }

    [Fact]
    public void WhereThereIsNoneThePlacesAreListed()
    {
        Make("a/sdk/99.0.0", "notes.txt");
        var fault = Assert.Throws<MultiheadException>(() => SdkFolder.FindIn([_folder["a"], _folder["b"], _folder["a"]])).Message;
        Assert.Contains($"No .NET SDK was found in '{_folder["a"]}', '{_folder["b"]}';", fault, StringComparison.Ordinal);
        Assert.Contains("DOTNET_ROOT", fault, StringComparison.Ordinal);
    }

    private void Make(string folder, string file)
    {
        Directory.CreateDirectory(_folder[folder]);
        _folder.Write(Path.Combine(folder, file), "");
    }
}
