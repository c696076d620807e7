using System.Text;

namespace Multihead.Text.Corpora.Sdk;

/// <summary>Makes rows of one line out of messages of several.</summary>
internal static class MessageText
{
    /// <summary>Appends the paragraphs of a message one by one where both sides have as many, else the message in one row.</summary>
    public static void AddRows(SentencePair message, List<SentencePair> rows)
    {
        var sources = Paragraphs(message.Source);
        var targets = Paragraphs(message.Target);
        if (sources.Count == targets.Count)
            rows.AddRange(sources.Zip(targets, (source, target) => new SentencePair(source, target)));
        else
            rows.Add(new(string.Join(' ', sources), string.Join(' ', targets)));
    }

    /// <summary>The parts between blank lines, each on one line; one empty part where there is no text.</summary>
    private static List<string> Paragraphs(string text)
    {
        var paragraphs = new List<string>();
        var paragraph = new StringBuilder();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (AppendWords(paragraph, line)) continue;
            if (paragraph.Length > 0) paragraphs.Add(paragraph.ToString());
            paragraph.Clear();
        }
        if (paragraph.Length > 0 || paragraphs.Count == 0) paragraphs.Add(paragraph.ToString());
        return paragraphs;
    }

    /// <summary>Appends the words of a line with one space before each but the first; false where it has none.</summary>
    private static bool AppendWords(StringBuilder text, ReadOnlySpan<char> line)
    {
        var any = false;
        var inWord = false;
        foreach (var character in line)
        {
            var isSpace = char.IsWhiteSpace(character) || char.IsControl(character);
            if (!isSpace && !inWord && text.Length > 0) text.Append(' ');
            if (!isSpace) text.Append(character);
            inWord = !isSpace;
            any |= inWord;
        }
        return any;
    }
}
