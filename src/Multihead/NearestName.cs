namespace Multihead;

/// <summary>Finds what somebody probably meant: the known name with the fewest edits from the given one.</summary>
internal static class NearestName
{
    // A hostile key may be megabytes long; what lies beyond this many characters does not help to guess.
    private const int LongestCompared = 128;

    /// <summary>The name of <paramref name="known"/> nearest to <paramref name="given"/>, by insertions, deletions, replacements
    /// and swaps of neighbours, letter case aside (Damerau, https://doi.org/10.1145/363958.363994; each part edited once).
    /// The first of equals; null only where <paramref name="known"/> is empty.</summary>
    public static string? Of(string given, IEnumerable<string> known)
    {
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var name in known)
        {
            if (nearest is not null && LeastEdits(given, name) >= fewest) continue;
            var edits = Edits(given, name);
            if (edits >= fewest) continue;
            (nearest, fewest) = (name, edits);
        }
        return nearest;
    }

    /// <summary>The edit distance of the first 128 characters of each, letter case aside.</summary>
    internal static int Edits(string left, string right)
    {
        var a = Folded(left);
        var b = Folded(right);
        // Three rows of the table of distances between beginnings of a and of b.
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[b.Length];
    }

    private static int LeastEdits(string left, string right) =>
        Math.Abs(Math.Min(left.Length, LongestCompared) - Math.Min(right.Length, LongestCompared));

    private static string Folded(string name) => name[..Math.Min(name.Length, LongestCompared)].ToLowerInvariant();
}
