using Multihead.Text.Corpora.Sdk;

namespace Multihead.Text.Corpora;

/// <summary>The parallel corpus that every .NET SDK carries: the messages of its compilers and tools in English and 13 other
/// languages, from the resources of assemblies and of the satellite assemblies beside them. Some 15,600 pairs a language.</summary>
/// <remarks>The newest SDK alone is read, and nothing beside it, so that one version of the SDK gives one corpus on every
/// machine. A message of as many paragraphs (parted by blank lines) on both sides gives a pair a paragraph. Inside a row,
/// every run of white space or control characters becomes one space: most line breaks there are those of a help screen 80
/// columns wide.</remarks>
public static class SdkCorpus
{
    /// <summary>The language of the neutral assemblies.</summary>
    internal const string English = "en";

    /// <summary>A row with a longer side is a whole screen of help and is left out, in UTF-16 code units.</summary>
    private const int LongestText = 1000;

    /// <summary>The languages there are, English first, as the SDK's folders are called. Any two make a corpus: a message has
    /// the same key in all of them.</summary>
    public static IReadOnlyList<string> Languages { get; } =
        [English, "cs", "de", "es", "fr", "it", "ja", "ko", "pl", "pt-BR", "ru", "tr", "zh-Hans", "zh-Hant"];

    /// <summary>Reads the newest SDK that is found by DOTNET_ROOT, DOTNET_HOST_PATH, the running runtime, PATH, or in the usual
    /// places. Rows are unique and in ordinal order, the source first.</summary>
    /// <param name="from">The source language, one of <see cref="Languages"/>; upper and lower case are the same.</param>
    /// <param name="to">The target language, another one.</param>
    /// <exception cref="MultiheadException">A language is unknown, or both are the same; no SDK is found, it has no messages in
    /// these languages, or it is damaged.</exception>
    public static ParallelCorpus Read(string from, string to)
    {
        (from, to) = (Known(from), Known(to));
        return from == to
            ? throw new MultiheadException($"The source and the target language are both '{from}'; choose two different ones.")
            : Read(SdkFolder.Find(), from, to);
    }

    /// <summary>As the public one, of the SDK in this folder.</summary>
    internal static ParallelCorpus Read(string sdkFolder, string from, string to)
    {
        var messages = ReadMessages(SdkAssembly.List(sdkFolder), from, to);
        if (messages.Count == 0)
            throw new MultiheadException($"The .NET SDK in '{sdkFolder}' has no messages in both '{from}' and '{to}'; install an "
                + "SDK from Microsoft, which has all languages, or choose another language.");

        var rows = new List<SentencePair>(messages.Count);
        foreach (var message in messages) MessageText.AddRows(message, rows);
        var filled = rows.FindAll(row => row.Source.Length > 0 && row.Target.Length > 0);
        var fitting = filled.FindAll(row => Math.Max(row.Source.Length, row.Target.Length) <= LongestText);
        var unique = fitting.Distinct().Order().ToList();
        return new($".NET SDK {Path.GetFileName(sdkFolder)}, {from} to {to}", unique,
        [
            new("empty", rows.Count - filled.Count),
            new("longer than 1,000 characters", filled.Count - fitting.Count),
            new("repeated", fitting.Count - unique.Count),
        ]);
    }

    private static string Known(string language) =>
        Languages.FirstOrDefault(known => known.Equals(language, StringComparison.OrdinalIgnoreCase))
            ?? throw new MultiheadException($"The .NET SDK has no messages in '{language}'; it has {string.Join(", ", Languages)}.");

    private static List<SentencePair> ReadMessages(List<SdkAssembly> assemblies, string from, string to)
    {
        var messages = new List<SentencePair>[assemblies.Count];
        try
        {
            Parallel.For(0, messages.Length, index => messages[index] = assemblies[index].Messages(from, to));
        }
        catch (AggregateException e) when (e.InnerException is MultiheadException fault)
        {
            throw new MultiheadException(fault.Message, e);
        }
        return [.. messages.SelectMany(ofOne => ofOne)];
    }
}
