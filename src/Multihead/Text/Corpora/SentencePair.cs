namespace Multihead.Text.Corpora;

/// <summary>One row of a parallel corpus: a text and its translation, one line each.</summary>
/// <param name="Source">The text in the language that is translated from.</param>
/// <param name="Target">The same in the language that is translated into.</param>
public readonly record struct SentencePair(string Source, string Target) : IComparable<SentencePair>
{
    /// <summary>The order of UTF-16 code units, source first: the same on every machine and under every culture.</summary>
    public int CompareTo(SentencePair other)
    {
        var bySource = string.CompareOrdinal(Source, other.Source);
        return bySource != 0 ? bySource : string.CompareOrdinal(Target, other.Target);
    }
}
