using System.Runtime.InteropServices;

namespace Multihead.Text.Corpora.Sdk;

/// <summary>Finds the folder of the newest .NET SDK on this machine.</summary>
internal static class SdkFolder
{
    /// <summary>The newest SDK of the first installation that has one.</summary>
    /// <exception cref="MultiheadException">No installation has an SDK; the message lists where it looked.</exception>
    public static string Find() => FindIn(Installations());

    /// <summary>As <see cref="Find"/>, among the given installations (the folders that hold <c>dotnet</c>), in their order.</summary>
    public static string FindIn(IEnumerable<string> installations)
    {
        var looked = installations.Distinct(StringComparer.Ordinal).ToList();
        return looked.Select(Newest).FirstOrDefault(sdk => sdk is not null)
            ?? throw new MultiheadException($"No .NET SDK was found in {string.Join(", ", looked.Select(root => $"'{root}'"))}; "
                + "install the .NET SDK, or set DOTNET_ROOT to the folder that holds 'dotnet' and 'sdk'.");
    }

    /// <summary>Where installations may stand, the likeliest first.</summary>
    private static IEnumerable<string> Installations()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root) yield return Path.GetFullPath(root);
        if (FolderOfHost(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")) is { } host) yield return host;

        // <installation>/shared/Microsoft.NETCore.App/<version>/; some other folder where the program carries its runtime.
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        if (Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) is var shared) yield return shared;

        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            if (folder.Length > 0 && FolderOfHost(Path.Combine(folder, name)) is { } onPath)
                yield return onPath;

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length > 0) yield return Path.Combine(home, ".dotnet");
        if (OperatingSystem.IsWindows())
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet");
        else
            foreach (var usual in (string[])["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet", "/usr/local/share/dotnet"])
                yield return usual;
    }

    /// <summary>The folder of a host, links followed; null where the file is not there.</summary>
    private static string? FolderOfHost(string? path)
    {
        if (!File.Exists(path)) return null;
        var host = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        return Path.GetDirectoryName(host);
    }

    private static string? Newest(string installation)
    {
        var sdks = Path.Combine(installation, "sdk");
        if (!Directory.Exists(sdks)) return null;
        return Directory.EnumerateDirectories(sdks)
            .Where(folder => File.Exists(Path.Combine(folder, "dotnet.dll")))
            .OrderBy(folder => Path.GetFileName(folder), SdkVersionOrder.Instance)
            .LastOrDefault();
    }
}
