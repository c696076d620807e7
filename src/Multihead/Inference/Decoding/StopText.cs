using System.Text;
using Multihead.Text.Tokenizers;

namespace Multihead.Inference.Decoding;

/// <summary>Turns tokens into text piece by piece, up to the first text that ends it. What may be the beginning of such a text is
/// held back until it is known.</summary>
internal sealed class StopText(Tokenizer tokenizer, IReadOnlyList<string> stops)
{
    private readonly StreamedText _stream = new(tokenizer);
    private readonly StringBuilder _held = new();
    private readonly int _longest = stops.Count == 0 ? 0 : stops.Max(stop => stop.Length);

    /// <summary>Whether a stop text has come; nothing comes after it.</summary>
    public bool Stopped { get; private set; }

    /// <summary>What is known by one more token; maybe nothing.</summary>
    public string Add(int token) => Take(_stream.Add(token), end: false);

    /// <summary>What is left at the end.</summary>
    public string Finish() => Take(Stopped ? "" : _stream.Finish(), end: true);

    private string Take(string piece, bool end)
    {
        if (_longest == 0 || Stopped) return Stopped ? "" : piece;
        var text = _held.Append(piece).ToString();
        _held.Clear();
        var at = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(found => found >= 0).DefaultIfEmpty(-1).Min();
        if (at >= 0)
        {
            Stopped = true;
            return text[..at];
        }
        var known = end ? text.Length : Known(text);
        _held.Append(text, known, text.Length - known);
        return text[..known];
    }

    // The characters before the first place where a stop text may have begun.
    private int Known(string text)
    {
        for (var start = Math.Max(0, text.Length - _longest + 1); start < text.Length; start++)
            if (stops.Any(stop => stop.AsSpan().StartsWith(text.AsSpan(start), StringComparison.Ordinal))) return start;
        return text.Length;
    }
}
