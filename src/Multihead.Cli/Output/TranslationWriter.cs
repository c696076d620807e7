using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Multihead.Inference;

namespace Multihead.Cli.Output;

/// <summary>Writes translations to standard output, each group at once, so that a pipe gets them when they are known.</summary>
/// <param name="output">Where to.</param>
/// <param name="asRanks">All hypotheses, with rank and score, and not the best one's text alone.</param>
/// <param name="asJson">Whether a line of JSON with all of them comes at the end.</param>
internal sealed class TranslationWriter(ToolOutput output, bool asRanks, bool asJson)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<Translation> _kept = []; // for JSON

    /// <summary>Texts written.</summary>
    public int Count { get; private set; }

    /// <summary>Writes some more.</summary>
    public void Write(IReadOnlyList<Translation> translations)
    {
        foreach (var translation in translations)
        {
            if (!asRanks) output.Result(OneLine(translation.Text));
            else for (var i = 0; i < translation.Hypotheses.Count; i++) output.Result(Ranked(i + 1, translation.Hypotheses[i]));
        }
        output.Flush();
        Count += translations.Count;
        if (asJson) _kept.AddRange(translations);
    }

    /// <summary>Ends with the line of JSON where it is asked for.</summary>
    public void Finish()
    {
        if (!asJson) return;
        var seconds = _watch.Elapsed.TotalSeconds;
        output.Json(json =>
        {
            json.WriteNumber("texts", Count);
            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteStartArray("translations");
            foreach (var translation in _kept) WriteHypotheses(json, translation);
            json.WriteEndArray();
        });
    }

    private static void WriteHypotheses(Utf8JsonWriter json, Translation translation)
    {
        json.WriteStartArray();
        foreach (var hypothesis in translation.Hypotheses)
        {
            json.WriteStartObject();
            json.WriteString("text", hypothesis.Text);
            json.WriteNumber("score", hypothesis.Score);
            json.WriteNumber("logProbability", hypothesis.LogProbability);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Ranked(int rank, Hypothesis hypothesis) => string.Create(CultureInfo.InvariantCulture,
        $"{rank}\t{hypothesis.Score:F4}\t{OneLine(hypothesis.Text).Replace('\t', ' ')}");

    /// <summary>The text without line breaks: a model may write any character, but a text is a line.</summary>
    internal static string OneLine(string text) => text.Replace('\n', ' ').Replace('\r', ' ');
}
