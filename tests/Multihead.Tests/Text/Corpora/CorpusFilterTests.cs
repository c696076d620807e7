using Multihead.Text.Corpora;
using Multihead.Training.Data;
using Multihead.Training.Recipes;

namespace Multihead.Tests.Text.Corpora;

public sealed class CorpusFilterTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryRowIsKeptOrCountedUnderTheFirstLimitItBreaks()
    {
        var filter = new CorpusFilter
        {
            MinWords = 2,
            MaxWords = 5,
            MinCharacters = 6,
            MaxCharacters = 20,
            MaxLengthRatio = 2,
            DropRepeated = true,
        };
        var filtered = filter.Apply(
        [
            new("one two three", "eins zwei drei"), // kept
            new("one", "eins zwei"), // too few words
            new("", ""), // too few words, too few characters
            new("a b c d e f", "a b c d e f"), // too many words
            new("a b c", "aa bb cc"), // too few characters: 5
            new("aaaaaaaaaa bbbbbbbbbbb", "aaa bbb"), // too many characters: 22
            new("aaa bbb ccc ddd eee", "aaaa bbbb"), // 5 words for 2
            new("one two three", "eins zwei drei"), // repeated
            new("one two three", "eins zwei vier"), // kept: only one side is alike
            new("aaa bbb ccc ddd", "aaaa bbbb"), // kept: 4 words for 2
        ]);
        Assert.Equal(["eins zwei drei", "eins zwei vier", "aaaa bbbb"], filtered.Kept.Select(row => row.Target));
        Assert.Equal(
        [
            new("fewer than 2 words", 2), new("more than 5 words", 1), new("fewer than 6 characters", 1),
            new("more than 20 characters", 1), new("one side more than 2 times as long", 1), new("repeated", 1),
        ], filtered.Dropped);
    }

    [Fact]
    public void RepeatedRowsMayStay()
    {
        SentencePair[] rows = [new("a", "b"), new("a", "b")];
        Assert.Equal(rows, new CorpusFilter { DropRepeated = false }.Apply(rows).Kept);
        Assert.Equal(rows[..1], new CorpusFilter().Apply(rows).Kept);
    }

    [Fact]
    public void LimitsAreToldWithInvariantNumbers()
    {
        var filter = new CorpusFilter { MaxWords = 1500, MaxLengthRatio = 2.5 };
        var reasons = CommaCulture.Run(() => filter.Apply([]).Dropped.Select(dropped => dropped.Reason).ToArray());
        Assert.Contains("more than 1,500 words", reasons);
        Assert.Contains("one side more than 2.5 times as long", reasons);
        Assert.Contains("fewer than 1 word", reasons);
    }

    [Fact]
    public void RandomRowsAreKeptInOrderWithinTheLimitsAndAllCounted()
    {
        var random = new Random(1);
        for (var round = 0; round < TestScale.Rounds(200); round++)
        {
            var filter = new CorpusFilter
            {
                MinWords = random.Next(3),
                MaxWords = random.Next(2, 9),
                MinCharacters = random.Next(9),
                MaxCharacters = random.Next(10, 60),
                MaxLengthRatio = 1 + 3 * random.NextDouble(),
                DropRepeated = random.Next(2) == 0,
            };
            var rows = Enumerable.Range(0, 50).Select(_ => new SentencePair(Text(random), Text(random))).ToArray();
            var filtered = filter.Apply(rows);
            Assert.Equal(rows.Length, filtered.Kept.Count + filtered.Dropped.Sum(dropped => dropped.Rows));
            Assert.Equal(rows.Where(Fits).DistinctBy(row => filter.DropRepeated ? row : (object)new()), filtered.Kept);

            bool Fits(SentencePair row)
            {
                int[] words = [Words(row.Source), Words(row.Target)], characters = [row.Source.Length, row.Target.Length];
                return words.Min() >= filter.MinWords && words.Max() <= filter.MaxWords
                    && characters.Min() >= filter.MinCharacters && characters.Max() <= filter.MaxCharacters
                    && words.Max() <= filter.MaxLengthRatio * words.Min();
            }
        }

        static string Text(Random random) => string.Join(' ', random.GetItems(["a", "bb", "cccc"], random.Next(10)));
        static int Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    [Fact]
    public void TrainingRowsAloneAreFiltered()
    {
        string[] words = ["red", "green", "blue", "black", "white", "grey", "pink"];
        var rows = words.SelectMany(a => words.SelectMany(b => words.Select(c => $"{a} {b} {c} x\t{a} {b} {c} y")));
        var table = _folder.Write("table.tsv", string.Join('\n', rows));
        var recipe = new Recipe { Data = new TsvData { Path = table }, Filter = new CorpusFilter { MaxCharacters = 14 } };
        var data = ParallelData.Read(recipe, _folder.FullPath);
        var split = CorpusSplit.Of(TsvFile.Read(table).Pairs);

        Assert.Equal(split.Valid, data.Valid);
        Assert.Equal(split.Test, data.Test);
        Assert.Contains(data.Valid.Concat(data.Test), row => row.Source.Length > 14);
        Assert.Equal(split.Train.Where(row => row.Source.Length <= 14), data.Train);
        Assert.Contains(new("more than 14 characters (training only)", split.Train.Count - data.Train.Count), data.Dropped);
    }
}
