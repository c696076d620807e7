namespace Multihead.Text.Corpora;

/// <summary>How many rows one thing happened to, for reports.</summary>
/// <param name="Reason">What happened, in words that follow a number: "source equals target".</param>
/// <param name="Rows">The number of rows; 0 or more.</param>
public readonly record struct RowCount(string Reason, int Rows);
