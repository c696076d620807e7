namespace Multihead.Text.Corpora.Keys;

/// <summary>A row with the keys of its two sides.</summary>
internal readonly record struct KeyedRow(SentencePair Row, string SourceKey, string TargetKey)
{
    /// <summary>Makes the keys.</summary>
    public static KeyedRow Of(SentencePair row) => new(row, SplitKey.Of(row.Source), SplitKey.Of(row.Target));
}
