using System.Runtime.InteropServices;

namespace Multihead.Text.Corpora;

/// <summary>Finds the newest installed .NET SDK.</summary>
internal static class SdkLocation
{
    /// <summary>The folder of the newest SDK, such as /usr/share/dotnet/sdk/10.0.100.</summary>
    /// <exception cref="MultiheadException">None was found.</exception>
    public static string Find()
    {
        foreach (var root in Roots())
        {
            var folder = Path.Combine(root, "sdk");
            if (!Directory.Exists(folder)) continue;
            var newest = Directory.EnumerateDirectories(folder)
                .Select(path => (Path: path, Version: VersionOf(path)))
                .Where(sdk => sdk.Version is not null)
                .OrderByDescending(sdk => sdk.Version).ThenBy(sdk => sdk.Path, StringComparer.Ordinal)
                .FirstOrDefault();
            if (newest.Path is not null) return newest.Path;
        }
        throw new MultiheadException("No .NET SDK was found, whose messages are the corpus; install one, or set DOTNET_ROOT to the "
            + "folder that holds it.");
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root) yield return root;
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && FolderOf(host) is { } beside)
            yield return beside;
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        if (Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) is { Length: > 0 } running) yield return running;
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            if (folder.Length > 0 && File.Exists(Path.Combine(folder, name)) && FolderOf(Path.Combine(folder, name)) is { } found)
                yield return found;
        foreach (var usual in new[] { "/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet"),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet") }) yield return usual;
    }

    private static string? FolderOf(string program)
    {
        try
        {
            return Path.GetDirectoryName(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
        }
        catch (IOException)
        {
            return null; // a link that leads nowhere is not an SDK
        }
    }

    private static Version? VersionOf(string path) =>
        Version.TryParse(Path.GetFileName(path).Split('-')[0], out var version) ? version : null;
}
