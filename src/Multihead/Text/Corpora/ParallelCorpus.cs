namespace Multihead.Text.Corpora;

/// <summary>Sentence pairs under one name, and what reading them left out.</summary>
/// <param name="Name">What people call it: the file names, or the SDK's version and the languages.</param>
/// <param name="Pairs">The rows, in an order that depends on the data alone.</param>
/// <param name="Dropped">What the reader dropped and why, in a fixed order; empty where it keeps every row.</param>
public sealed record ParallelCorpus(string Name, IReadOnlyList<SentencePair> Pairs, IReadOnlyList<RowCount> Dropped);
