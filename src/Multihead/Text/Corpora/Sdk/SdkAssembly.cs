namespace Multihead.Text.Corpora.Sdk;

/// <summary>An assembly of the SDK that has satellite assemblies, and the messages in it by language.</summary>
/// <param name="Folder">Where the neutral assembly stands; a satellite stands in the folder below named after its language.</param>
/// <param name="Name">The assembly's name, without an extension.</param>
internal sealed record SdkAssembly(string Folder, string Name)
{
    private const string SatelliteEnd = ".resources.dll";
    private const string StreamEnd = ".resources";
    private static readonly EnumerationOptions Everywhere =
        new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <summary>Every such assembly in a folder and below, in ordinal order.</summary>
    public static List<SdkAssembly> List(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + SatelliteEnd, Everywhere)
            .Select(path => new SdkAssembly(
                Path.GetDirectoryName(Path.GetDirectoryName(path))!, Path.GetFileName(path)[..^SatelliteEnd.Length]))
            .Distinct()
            .OrderBy(assembly => assembly.Folder, StringComparer.Ordinal)
            .ThenBy(assembly => assembly.Name, StringComparer.Ordinal)];

    /// <summary>The messages that are there in both languages, paired by their key; none where one has no file.</summary>
    public List<SentencePair> Messages(string from, string to)
    {
        var pairs = new List<SentencePair>();
        if (FileOf(from) is not { } fromFile || FileOf(to) is not { } toFile) return pairs;
        var targets = new Dictionary<(string Stream, string Entry), string>();
        foreach (var (key, text) in Read(toFile, to)) targets.TryAdd(key, text);
        foreach (var (key, text) in Read(fromFile, from))
            if (targets.TryGetValue(key, out var target))
                pairs.Add(new(text, target));
        return pairs;
    }

    private string? FileOf(string language)
    {
        string[] places = language == SdkCorpus.English
            ? [Path.Combine(Folder, Name + ".dll"), Path.Combine(Folder, Name + ".exe")]
            : [Path.Combine(Folder, language, Name + SatelliteEnd)];
        return places.FirstOrDefault(File.Exists);
    }

    /// <summary>The texts of a file; a stream is called "Strings.resources" in the neutral assembly and "Strings.de.resources"
    /// in the German one, and its key is what both have in common.</summary>
    private static IEnumerable<((string Stream, string Entry) Key, string Text)> Read(string path, string language)
    {
        var end = language == SdkCorpus.English ? StreamEnd : $".{language}{StreamEnd}";
        foreach (var (stream, strings) in AssemblyStrings.Read(path))
        {
            if (!stream.EndsWith(end, StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var (entry, text) in strings) yield return ((stream[..^end.Length], entry), text);
        }
    }
}
