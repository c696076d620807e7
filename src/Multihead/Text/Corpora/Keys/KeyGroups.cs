namespace Multihead.Text.Corpora.Keys;

/// <summary>The rows that belong together: the connected components of "has the same source key or the same target key".</summary>
internal sealed class KeyGroups
{
    private readonly int[] _groupOf; // [rows]
    private readonly List<KeyGroup> _groups = [];

    private KeyGroups(int rowCount) => _groupOf = new int[rowCount];

    /// <summary>Finds the groups.</summary>
    public static KeyGroups Of(IReadOnlyList<KeyedRow> rows)
    {
        var parents = Link(rows);
        var groups = new KeyGroups(rows.Count);
        Array.Fill(groups._groupOf, -1);
        for (var row = 0; row < rows.Count; row++)
        {
            var root = Root(parents, row);
            if (groups._groupOf[root] < 0)
            {
                groups._groupOf[root] = groups._groups.Count;
                groups._groups.Add(new(0, SmallestKey: rows[row].SourceKey, SmallestRow: row));
            }
            var group = groups._groupOf[row] = groups._groupOf[root];
            groups._groups[group] = groups._groups[group].With(rows, row);
        }
        return groups;
    }

    /// <summary>The group of a row.</summary>
    public KeyGroup Of(int row) => _groups[_groupOf[row]];

    /// <summary>A forest in which rows of one group have one root; [rows], a root being its own parent.</summary>
    private static int[] Link(IReadOnlyList<KeyedRow> rows)
    {
        var parents = Enumerable.Range(0, rows.Count).ToArray();
        var firstBySource = new Dictionary<string, int>(StringComparer.Ordinal);
        var firstByTarget = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < parents.Length; row++)
        {
            if (!firstBySource.TryAdd(rows[row].SourceKey, row)) Join(parents, row, firstBySource[rows[row].SourceKey]);
            if (!firstByTarget.TryAdd(rows[row].TargetKey, row)) Join(parents, row, firstByTarget[rows[row].TargetKey]);
        }
        return parents;
    }

    private static void Join(int[] parents, int row, int other) => parents[Root(parents, row)] = Root(parents, other);

    private static int Root(int[] parents, int row)
    {
        while (parents[row] != row) row = parents[row] = parents[parents[row]]; // halves the path on the way
        return row;
    }
}
