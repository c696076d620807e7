namespace Multihead.Cli.Shell;

/// <summary>Finds the known word that a mistyped one most likely meant.</summary>
internal static class NearestWord
{
    /// <summary>The known word at the smallest edit distance, or null where none is closer than half the word's length.</summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        var best = known.Select(candidate => (candidate, distance: Distance(word, candidate))).OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return best.candidate is not null && best.distance <= word.Length / 2 ? best.candidate : null;
    }

    /// <summary>Insertions, deletions and replacements that turn one into the other (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
