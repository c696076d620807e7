namespace Multihead.Text.Corpora;

/// <summary>What a <see cref="CorpusFilter"/> kept, and what it dropped.</summary>
/// <param name="Kept">The rows within all limits, in the order they came.</param>
/// <param name="Dropped">Every limit in its fixed order with the rows it dropped, also where there were none.</param>
public sealed record FilteredRows(IReadOnlyList<SentencePair> Kept, IReadOnlyList<RowCount> Dropped);
