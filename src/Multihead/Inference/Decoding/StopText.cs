using System.Text;
using Multihead.Text.Tokenizers;

namespace Multihead.Inference.Decoding;

/// <summary>Text of tokens piece by piece up to the first stop string, which is not handed out. What may yet become a stop
/// string is held back; the pieces joined are what all tokens decode to, or what stands there before the stop.</summary>
/// <param name="tokenizer">Of the tokens.</param>
/// <param name="stops">Compared by UTF-16 units; none may be empty. Of two that begin at the same place either ends the
/// text alike.</param>
internal sealed class StopText(Tokenizer tokenizer, IReadOnlyList<string> stops)
{
    private readonly StreamedText _text = new(tokenizer);
    private readonly StringBuilder _held = new(); // shorter than the longest stop string between calls

    /// <summary>Whether a stop string has come: nothing follows.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What is known by one more token; maybe nothing.</summary>
    public string Add(int token) => IsStopped ? "" : Take(_text.Add(token), isLast: false);

    /// <summary>What is left at the end.</summary>
    public string Finish() => IsStopped ? "" : Take(_text.Finish(), isLast: true);

    private string Take(string piece, bool isLast)
    {
        var text = _held.Append(piece).ToString();
        var stop = FirstStop(text);
        IsStopped = stop >= 0;
        var ready = IsStopped ? stop : isLast ? text.Length : FirstThatMayBecomeStop(text);
        _held.Clear().Append(text, ready, text.Length - ready);
        return text[..ready];
    }

    private int FirstStop(string text)
    {
        var first = -1;
        foreach (var stop in stops)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (first < 0 || at < first)) first = at;
        }
        return first;
    }

    private int FirstThatMayBecomeStop(string text)
    {
        var longest = stops.Count == 0 ? 0 : stops.Max(stop => stop.Length);
        for (var at = Math.Max(0, text.Length - longest + 1); at < text.Length; at++)
            foreach (var stop in stops)
                if (stop.AsSpan().StartsWith(text.AsSpan(at))) return at;
        return text.Length;
    }
}
