using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Multihead.Text.Corpora;

/// <summary>Pairs to learn from, to choose by, and to judge by.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Valid">To choose by.</param>
/// <param name="Test">To judge by.</param>
/// <param name="Dropped">What was left out, and why.</param>
public sealed record CorpusParts(IReadOnlyList<SentencePair> Train, IReadOnlyList<SentencePair> Valid,
    IReadOnlyList<SentencePair> Test, IReadOnlyList<ReasonCount> Dropped);

/// <summary>Splits a corpus so that nothing is judged that was learned: messages whose keys agree on either side, directly or
/// through others, form a family, and a family stands on one side only. Which one, its SHA-256 says, so it stays there when the
/// corpus grows.</summary>
public static class CorpusSplit
{
    private const int ValidPerMille = 35;
    private const int TestPerMille = 60;

    // Families as large as this are boilerplate; judging by them would judge little.
    private const int LargestHeldOutFamily = 50;

    /// <summary>Splits the pairs. Rows whose source equals their target are dropped; of a held-out family one row is kept, since
    /// the others say the same; rows without a word of their own are learned from.</summary>
    public static CorpusParts Split(IReadOnlyList<SentencePair> pairs)
    {
        var rows = pairs.Where(p => p.Source != p.Target).ToArray();
        List<SentencePair> train = [], valid = [], test = [];
        var copies = 0;
        foreach (var family in Families(rows))
        {
            var part = PartOf(family, out var hasKey);
            if (!hasKey || part == train || family.Count > LargestHeldOutFamily) train.AddRange(family.Select(m => rows[m.Row]));
            else
            {
                part.Add(rows[family.MinBy(m => m.Row)!.Row]);
                copies += family.Count - 1;
            }
        }
        return new CorpusParts(train, valid, test, [
            new("source equals target", pairs.Count - rows.Length),
            new("near-copy of a held-out row", copies),
        ]);

        List<SentencePair> PartOf(List<Member> family, out bool hasKey)
        {
            var canonical = family.Select(m => m.Key).Min(StringComparer.Ordinal)!;
            hasKey = canonical.Length > 0;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(canonical));
            var place = BinaryPrimitives.ReadUInt64BigEndian(hash) % 1000;
            return place < ValidPerMille ? valid : place < ValidPerMille + TestPerMille ? test : train;
        }
    }

    private sealed record Member(int Row, string Key);

    // Connected components of rows under equal source keys and equal target keys, in order of their first row.
    private static List<List<Member>> Families(SentencePair[] rows)
    {
        var parent = Enumerable.Range(0, rows.Length).ToArray();
        var keys = new string[rows.Length];
        Dictionary<string, int> bySource = [], byTarget = [];
        for (var row = 0; row < rows.Length; row++)
        {
            keys[row] = MessageKey.Of(rows[row].Source);
            Join(bySource, keys[row], row);
            Join(byTarget, MessageKey.Of(rows[row].Target), row);
        }
        Dictionary<int, List<Member>> families = [];
        List<List<Member>> inOrder = [];
        for (var row = 0; row < rows.Length; row++)
        {
            var root = Root(row);
            if (!families.TryGetValue(root, out var family)) inOrder.Add(families[root] = family = []);
            family.Add(new Member(row, keys[row]));
        }
        return inOrder;

        void Join(Dictionary<string, int> first, string key, int row)
        {
            // Texts without a word of their own ("{0}: {1}") agree on nothing.
            if (key.Length > 0 && !first.TryAdd(key, row)) parent[Root(row)] = Root(first[key]);
        }

        int Root(int row)
        {
            while (parent[row] != row) row = parent[row] = parent[parent[row]];
            return row;
        }
    }
}
