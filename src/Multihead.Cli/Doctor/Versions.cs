using System.Reflection;
using System.Runtime.InteropServices;

namespace Multihead.Cli.Doctor;

/// <summary>What runs here.</summary>
internal static class Versions
{
    /// <summary>The tool's own version, with the commit that it was built from where that is known.</summary>
    public static string Tool { get; } =
        typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The .NET runtime.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>The operating system and its .NET identifier.</summary>
    public static string System => $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})";
}
