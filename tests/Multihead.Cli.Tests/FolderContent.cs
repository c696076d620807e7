using System.Security.Cryptography;

namespace Multihead.Cli.Tests;

/// <summary>What is in a folder, to be compared: the hash of every file by its path.</summary>
internal static class FolderContent
{
    /// <summary>Lines of path and SHA-256, in order.</summary>
    public static string[] Of(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(folder, file)} {Hash(file)}")];

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
