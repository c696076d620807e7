namespace Multihead.Kernels.Attention;

/// <summary>One sequence of a batch: which rows of the query matrix attend to which rows of the key and value matrices.
/// Sequences of different lengths stand one after another (no padding), or in a padded layout with the padding outside
/// every span. Query i of the span has position KeyCount - QueryCount + i, so that a span of few queries continues a cached
/// sequence.</summary>
internal readonly record struct AttentionSpan(int QueryStart, int QueryCount, int KeyStart, int KeyCount);
