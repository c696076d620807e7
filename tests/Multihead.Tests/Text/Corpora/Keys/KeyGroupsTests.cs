using Multihead.Text.Corpora;
using Multihead.Text.Corpora.Keys;

namespace Multihead.Tests.Text.Corpora.Keys;

public class KeyGroupsTests
{
    [Fact]
    public void GroupsAreTheConnectedComponents()
    {
        var random = new Random(1);
        for (var round = 0; round < TestScale.Rounds(400); round++)
        {
            var keys = random.Next(1, 40);
            var rows = Enumerable.Range(0, random.Next(1, 40))
                .Select(_ => Row($"s{random.Next(keys)}", $"t{random.Next(keys)}")).ToArray();
            var groups = KeyGroups.Of(rows);
            var labels = Components(rows);
            for (var row = 0; row < rows.Length; row++)
            {
                var members = Enumerable.Range(0, rows.Length).Where(other => labels[other] == labels[row]).ToArray();
                Assert.Equal(members.Length, groups.Of(row).RowCount);
                Assert.Equal(members.SelectMany(m => new[] { rows[m].SourceKey, rows[m].TargetKey }).Min(StringComparer.Ordinal),
                    groups.Of(row).SmallestKey);
                Assert.Equal(members.OrderBy(m => rows[m].Row).First(), groups.Of(row).SmallestRow);
            }
        }
    }

    [Fact]
    public void AChainIsOneGroup()
    {
        // Row i shares its source with row i - 1 or its target with row i + 1, first and last share nothing.
        var rows = Enumerable.Range(0, 5_000).Select(i => Row($"s{i / 2}", $"t{(i + 1) / 2}")).ToArray();
        new Random(1).Shuffle(rows);
        Assert.Equal(rows.Length, KeyGroups.Of(rows).Of(0).RowCount);
    }

    [Fact]
    public void TheSameKeyOnTheOtherSideLinksNothing() =>
        Assert.Equal(1, KeyGroups.Of([Row("a", "b"), Row("b", "a")]).Of(0).RowCount);

    private static KeyedRow Row(string source, string target) => new(new SentencePair(source, target), source, target);

    /// <summary>The smallest index of each row's component, by handing the smaller one on until nothing changes.</summary>
    private static int[] Components(KeyedRow[] rows)
    {
        var labels = Enumerable.Range(0, rows.Length).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var a = 0; a < rows.Length; a++)
                for (var b = 0; b < rows.Length; b++)
                {
                    if (rows[a].SourceKey != rows[b].SourceKey && rows[a].TargetKey != rows[b].TargetKey) continue;
                    if (labels[a] <= labels[b]) continue;
                    labels[a] = labels[b];
                    changed = true;
                }
        }
        return labels;
    }
}
