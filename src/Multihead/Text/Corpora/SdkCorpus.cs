using System.Text;

namespace Multihead.Text.Corpora;

/// <summary>The parallel corpus that every .NET SDK carries: the messages of its tools in 13 languages beside English, in
/// satellite assemblies (<c>de/x.resources.dll</c>) beside their neutral ones (<c>x.dll</c>).</summary>
public static class SdkCorpus
{
    /// <summary>Longer messages are help pages, not sentences.</summary>
    public const int LongestMessage = 500;

    private const string Neutral = "en";

    /// <summary>The languages, as the SDK names them; any pair of two may be asked for.</summary>
    public static IReadOnlyList<string> Languages { get; } =
        [Neutral, "cs", "de", "es", "fr", "it", "ja", "ko", "pl", "pt-BR", "ru", "tr", "zh-Hans", "zh-Hant"];

    /// <summary>Reads the messages in two languages: one line each (white space and line breaks become single spaces), every pair
    /// once, in ordinal order whatever the file system's.</summary>
    /// <param name="from">The source language.</param>
    /// <param name="to">The target language.</param>
    /// <param name="dropped">What was left out, and why.</param>
    /// <exception cref="MultiheadException">A language the SDK does not have, twice the same one, or no SDK.</exception>
    public static List<SentencePair> Read(string from, string to, out IReadOnlyList<ReasonCount> dropped)
    {
        (from, to) = (Known(from), Known(to));
        if (from == to) throw new MultiheadException($"Source and target are both '{from}'; give two languages.");
        var translated = to == Neutral ? from : to;
        var satellites = Directory.GetFiles(SdkLocation.Find(), "*.resources.dll", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == translated)
            .OrderBy(path => path, StringComparer.Ordinal).ToArray();
        var found = new List<SentencePair>[satellites.Length];
        Parallel.For(0, satellites.Length, i => found[i] = PairsOf(satellites[i], from, to));
        return Clean(found, out dropped);
    }

    private static string Known(string language) =>
        Languages.FirstOrDefault(known => known.Equals(language, StringComparison.OrdinalIgnoreCase))
        ?? throw new MultiheadException($"The SDK has no messages in '{language}'; it has {string.Join(", ", Languages)}.");

    private static List<SentencePair> PairsOf(string satellite, string from, string to)
    {
        var (sources, targets) = (StringsOf(satellite, from), StringsOf(satellite, to));
        List<SentencePair> pairs = [];
        foreach (var (key, source) in sources)
            if (targets.TryGetValue(key, out var target)) pairs.Add(new SentencePair(source, target));
        return pairs;
    }

    // The strings of the assembly that one satellite belongs to, in any language.
    private static Dictionary<string, string> StringsOf(string satellite, string language)
    {
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(satellite))!;
        var file = Path.GetFileName(satellite);
        if (language != Neutral)
        {
            var path = Path.Combine(folder, language, file);
            return File.Exists(path) ? AssemblyStrings.Read(path, language) : [];
        }
        var stem = Path.Combine(folder, file[..^".resources.dll".Length]);
        foreach (var path in new[] { stem + ".dll", stem + ".exe" })
            if (File.Exists(path)) return AssemblyStrings.Read(path, "");
        return [];
    }

    private static List<SentencePair> Clean(List<SentencePair>[] found, out IReadOnlyList<ReasonCount> dropped)
    {
        var (repeated, empty, tooLong) = (0, 0, 0);
        var unique = new HashSet<SentencePair>();
        foreach (var pair in found.SelectMany(pairs => pairs))
        {
            var clean = new SentencePair(SingleLine(pair.Source), SingleLine(pair.Target));
            if (clean.Source.Length == 0 || clean.Target.Length == 0) empty++;
            else if (clean.Source.Length > LongestMessage || clean.Target.Length > LongestMessage) tooLong++;
            else if (!unique.Add(clean)) repeated++;
        }
        dropped = [new("repeated", repeated), new("empty", empty), new($"longer than {LongestMessage} characters", tooLong)];
        return [.. unique.OrderBy(p => p.Source, StringComparer.Ordinal).ThenBy(p => p.Target, StringComparer.Ordinal)];
    }

    private static string SingleLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // lone surrogates become U+FFFD
        {
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune)) line.Append(rune.ToString());
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }
        return line.ToString().TrimEnd(' ');
    }
}
