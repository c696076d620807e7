namespace Multihead.Text.Corpora;

/// <summary>A text and its translation.</summary>
public readonly record struct SentencePair(string Source, string Target);

/// <summary>How many rows something was done to, and why: "longer than 400 characters", 12.</summary>
public readonly record struct ReasonCount(string Reason, int Count);
