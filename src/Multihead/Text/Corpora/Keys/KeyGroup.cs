namespace Multihead.Text.Corpora.Keys;

/// <summary>What is known of a group of rows that belong together.</summary>
/// <param name="RowCount">How many rows it has.</param>
/// <param name="SmallestKey">The ordinally smallest key of its sources and targets.</param>
/// <param name="SmallestRow">The index of its ordinally smallest row; the first of equal ones.</param>
internal readonly record struct KeyGroup(int RowCount, string SmallestKey, int SmallestRow)
{
    /// <summary>The group with one row more.</summary>
    public KeyGroup With(IReadOnlyList<KeyedRow> rows, int row) => new(
        RowCount + 1,
        Smaller(SmallestKey, Smaller(rows[row].SourceKey, rows[row].TargetKey)),
        rows[row].Row.CompareTo(rows[SmallestRow].Row) < 0 ? row : SmallestRow);

    private static string Smaller(string key, string other) => string.CompareOrdinal(key, other) <= 0 ? key : other;
}
