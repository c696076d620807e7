using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Multihead.Text.Corpora;
using Multihead.Text.Corpora.Keys;

namespace Multihead.Tests.Text.Corpora;

public class CorpusSplitTests
{
    [Fact]
    public void RowsWhoseKeysAgreeNeverFallOnDifferentSides()
    {
        var random = new Random(1);
        for (var round = 0; round < TestScale.Rounds(60); round++)
        {
            var split = CorpusSplit.Of(RandomRows(random, 300), 0.2, 0.2);
            Assert.NotEmpty(split.Train);
            AssertSidesShareNoKey(split);
        }
    }

    /// <summary>No key of a side of one part is a key of the same side of another; of validation and test rows, of none.
    /// </summary>
    internal static void AssertSidesShareNoKey(CorpusSplit split)
    {
        foreach (var side in new Func<SentencePair, string>[] { row => row.Source, row => row.Target })
        {
            HashSet<string> Keys(IReadOnlyList<SentencePair> rows) => [.. rows.Select(row => SplitKey.Of(side(row)))];
            var (train, valid, test) = (Keys(split.Train), Keys(split.Valid), Keys(split.Test));
            Assert.False(train.Overlaps(valid) || train.Overlaps(test) || valid.Overlaps(test));
            Assert.Equal((split.Valid.Count, split.Test.Count), (valid.Count, test.Count));
        }
    }

    [Fact]
    public void WhatIsLinkedThroughOthersStaysTogether()
    {
        // Ladders of six rows: each shares a key with the next, the ends share none.
        var seen = new HashSet<(int, int, int)>();
        for (var ladder = 0; ladder < 200; ladder++)
        {
            string Name(int i) => $"w{Spelled(ladder)}x{Spelled(i)}";
            SentencePair[] rows = [.. Enumerable.Range(0, 6).Select(i => new SentencePair(Name(i / 2), Name(10 + (i + 1) / 2)))];
            var split = CorpusSplit.Of(rows, 0.3, 0.3);
            seen.Add((split.Train.Count, split.Valid.Count, split.Test.Count));
        }
        Assert.Equal([(0, 0, 1), (0, 1, 0), (6, 0, 0)], seen.Order());
    }

    [Fact]
    public void EveryRowIsSomewhereOrCounted()
    {
        var random = new Random(3);
        for (var round = 0; round < TestScale.Rounds(60); round++)
        {
            List<SentencePair> rows =
                [.. RandomRows(random, 200), new("same", "same"), new("1", "1"), new("12", "x"), new("x", "")];
            var split = CorpusSplit.Of(rows, 0.3, 0.3);
            var kept = split.Train.Count + split.Valid.Count + split.Test.Count;
            Assert.Equal(rows.Count, kept + split.Dropped.Sum(dropped => dropped.Rows));
            var reasons = split.Dropped.ToDictionary(dropped => dropped.Reason, dropped => dropped.Rows);
            Assert.Equal(rows.Count(row => row.Source == row.Target), reasons["source equals target"]);
            Assert.Equal(2, reasons["no words besides numbers and placeholders"]);
        }
    }

    [Fact]
    public void TheOrderOfRowsAndOtherRowsChangeNothing()
    {
        var random = new Random(4);
        for (var round = 0; round < TestScale.Rounds(30); round++)
        {
            var rows = RandomRows(random, 200).Distinct().ToArray();
            var split = CorpusSplit.Of(rows, 0.2, 0.2);
            Assert.Equal(Parts(split), Parts(CorpusSplit.Of(rows, 0.2, 0.2)));

            var others = rows.Select(row => new SentencePair($"zz {row.Source}", $"zz {row.Target}")).ToArray();
            SentencePair[] mixed = [.. others, .. rows];
            random.Shuffle(mixed);
            var again = CorpusSplit.Of(mixed, 0.2, 0.2);
            Assert.Equal(Parts(split), Parts(new CorpusSplit(Own(again.Train), Own(again.Valid), Own(again.Test), [])));

            SentencePair[] Own(IReadOnlyList<SentencePair> part) =>
                [.. part.Where(row => !row.Source.StartsWith("zz ", StringComparison.Ordinal))];
        }

        static string[][] Parts(CorpusSplit split) => [.. new[] { split.Train, split.Valid, split.Test }
            .Select(part => part.Order().Select(row => row.ToString()).ToArray())];
    }

    [Fact]
    public void BothDirectionsAreSplitAlike()
    {
        var random = new Random(5);
        var rows = RandomRows(random, 2_000);
        var there = CorpusSplit.Of(rows);
        var back = CorpusSplit.Of([.. rows.Select(row => new SentencePair(row.Target, row.Source))]);
        Assert.Equal(there.Train, back.Train.Select(row => new SentencePair(row.Target, row.Source)));
        Assert.Equal((there.Valid.Count, there.Test.Count), (back.Valid.Count, back.Test.Count));
    }

    [Fact]
    public void RowsOfAPartKeepTheirOrder()
    {
        var rows = Plain(2_000);
        var split = CorpusSplit.Of(rows);
        foreach (var part in new[] { split.Train, split.Valid, split.Test })
            Assert.Equal(part, rows.Where(part.ToHashSet().Contains));
    }

    [Fact]
    public void TheSmallestKeysHashIsThePlace()
    {
        var rows = Plain(3_000);
        var split = CorpusSplit.Of(rows, 0.1, 0.2);
        SentencePair[] Within(double from, double to) => [.. rows.Where(row => Place(row) >= from && Place(row) < to)];
        Assert.Equal(Within(0, 0.2), split.Test);
        Assert.Equal(Within(0.2, 0.1 + 0.2), split.Valid);
        Assert.Equal(Within(0.1 + 0.2, 1), split.Train);

        static double Place(SentencePair row)
        {
            var key = new[] { row.Source, row.Target }.Min(StringComparer.Ordinal)!;
            return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key))) / Math.Pow(2, 64);
        }
    }

    [Theory]
    [InlineData(0.03, 0.05)]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0)]
    public void SharesAreThoseAskedFor(double valid, double test)
    {
        const int Count = 20_000;
        var split = CorpusSplit.Of(Plain(Count), valid, test);
        foreach (var (share, rows) in new[] { (valid, split.Valid.Count), (test, split.Test.Count) })
            Assert.Equal(Count * share, rows, 4 * Math.Sqrt(Count * share * (1 - share))); // four deviations of a fair choice
    }

    [Fact]
    public void OfAGroupThatIsTestedOneRowIsKeptAndLargeGroupsAreTrainedOn()
    {
        // 100 groups of 8 and 100 of 9, alike but for a number.
        var rows = Plain(200).SelectMany((row, group) => Enumerable.Range(0, group < 100 ? 8 : 9)
            .Select(n => new SentencePair($"{row.Source} {n}", $"{row.Target} {n}"))).ToArray();
        var split = CorpusSplit.Of(rows, 0.5, 0.499);
        Assert.InRange(split.Valid.Count + split.Test.Count, 90, 100);
        Assert.All(split.Valid.Concat(split.Test), row => Assert.EndsWith(" 0", row.Source, StringComparison.Ordinal));
        Assert.Equal(rows[800..], split.Train.Except(rows[..800]));
        var alike = split.Dropped.Single(dropped => dropped.Reason == "like another validation or test row").Rows;
        Assert.Equal(7 * (split.Valid.Count + split.Test.Count), alike);
    }

    [Theory]
    [InlineData(-0.1, 0.5)]
    [InlineData(0.5, -0.1)]
    [InlineData(0.5, 0.5)]
    [InlineData(double.NaN, 0.1)]
    [InlineData(0.1, double.PositiveInfinity)]
    public void SharesOutOfRangeAreRefused(double valid, double test) =>
        Assert.Throws<MultiheadException>(() => CorpusSplit.Of([], valid, test));

    /// <summary>Rows of few words, dressed up, so that keys agree often, by one side or both.</summary>
    private static SentencePair[] RandomRows(Random random, int most)
    {
        var words = random.Next(5, RandomMessage.Words.Length);
        string Side() => RandomMessage.Dressed(random, random.GetItems(RandomMessage.Words.AsSpan(0, words), random.Next(1, 4)));
        return [.. Enumerable.Range(0, random.Next(most / 2, most)).Select(_ => new SentencePair(Side(), Side()))];
    }

    /// <summary>Rows no two of which share a key; their texts are their keys.</summary>
    private static SentencePair[] Plain(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new SentencePair($"a {Spelled(i)}", $"b {Spelled(7 * i + 1)}"))];

    private static string Spelled(int number) =>
        new([.. number.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0'))]);
}
