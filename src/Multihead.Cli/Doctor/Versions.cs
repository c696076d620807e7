using System.Reflection;
using System.Runtime.InteropServices;
using Multihead.Text.Corpora.Sdk;

namespace Multihead.Cli.Doctor;

/// <summary>What runs here.</summary>
internal static class Versions
{
    /// <summary>The tool's own version, with the commit that it was built from where that is known.</summary>
    public static string Tool { get; } =
        typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The .NET runtime.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>The newest .NET SDK, whose messages are the corpus of the quickstart; null where there is none.</summary>
    public static string? Sdk()
    {
        try
        {
            return Path.GetFileName(SdkFolder.Find());
        }
        catch (MultiheadException)
        {
            return null;
        }
    }

    /// <summary>The operating system and its .NET identifier.</summary>
    public static string System => $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})";
}
