namespace Multihead.Tests;

/// <summary>Finds the real data that stands beside the repository, or skips the test that wants it.</summary>
internal static class TestData
{
    /// <summary>The folder: MULTIHEAD_TEST_DATA, or ../shared/data from the repository's root.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("MULTIHEAD_TEST_DATA")
        ?? Path.GetFullPath(Path.Combine(RepositoryRoot(), "..", "shared", "data"));

    /// <summary>The full path of a file or folder of the data; skips the calling test where it is absent.</summary>
    public static string Require(params string[] parts)
    {
        var path = Path.Combine([Root, .. parts]);
        if (!Path.Exists(path)) Assert.Skip($"needs test data that is not here: {string.Join('/', parts)} (MULTIHEAD_TEST_DATA)");
        return path;
    }

    /// <summary>The folder that holds Multihead.slnx.</summary>
    public static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Multihead.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}
