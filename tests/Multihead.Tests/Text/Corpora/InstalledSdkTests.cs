using System.Collections;
using System.Resources;
using System.Runtime.Loader;
using Multihead.Text.Corpora;
using Multihead.Text.Corpora.Sdk;

namespace Multihead.Tests.Text.Corpora;

/// <summary>The corpus of the SDK that builds these tests.</summary>
public class InstalledSdkTests
{
    private static readonly Lazy<ParallelCorpus> EnglishGerman = new(() => SdkCorpus.Read("en", "de"));

    [Fact]
    public void EnglishToGermanIsALargeCleanCorpus()
    {
        var corpus = EnglishGerman.Value;
        Assert.InRange(corpus.Pairs.Count, 10_000, 100_000); // 15,600 in 10.0.401
        Assert.Equal(corpus.Pairs.Distinct().Order(), corpus.Pairs);
        Assert.All(corpus.Pairs, row =>
        {
            foreach (var side in new[] { row.Source, row.Target })
            {
                Assert.InRange(side.Length, 1, 1000);
                Assert.Equal(side.Trim(), side);
                Assert.DoesNotContain(side, c => char.IsControl(c) || char.IsWhiteSpace(c) && c != ' ');
                Assert.DoesNotContain("  ", side, StringComparison.Ordinal);
            }
        });
        Assert.Contains(corpus.Pairs, row => row.Source.Contains(" the ", StringComparison.Ordinal)
            && row.Target.Contains(" der ", StringComparison.Ordinal));
        Assert.StartsWith(".NET SDK ", corpus.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSplitHasThreeHundredTestRowsThatShareNoKey()
    {
        var rows = EnglishGerman.Value.Pairs.ToArray();
        var split = CorpusSplit.Of(rows);
        Assert.InRange(split.Test.Count, 300, 2_000);
        Assert.InRange(split.Valid.Count, 150, 2_000);
        var kept = split.Train.Count + split.Valid.Count + split.Test.Count;
        Assert.Equal(rows.Length, kept + split.Dropped.Sum(dropped => dropped.Rows));
        CorpusSplitTests.AssertSidesShareNoKey(split);
        Assert.All(split.Train.Concat(split.Valid).Concat(split.Test), row => Assert.NotEqual(row.Source, row.Target));

        new Random(1).Shuffle(rows);
        var again = CorpusSplit.Of(rows);
        Assert.Equal(split.Test, again.Test.Order());
        Assert.Equal(split.Valid, again.Valid.Order());
        Assert.Equal(split.Train, again.Train.Order());
    }

    [Theory]
    [InlineData("en", "fr")]
    [InlineData("de", "ja")]
    public void OtherLanguagesAreReadInBothDirections(string from, string to)
    {
        var there = SdkCorpus.Read(from, to);
        var back = SdkCorpus.Read(to.ToUpperInvariant(), from);
        Assert.InRange(there.Pairs.Count, 10_000, 100_000);
        Assert.Equal(there.Pairs.Select(row => new SentencePair(row.Target, row.Source)).Order(), back.Pairs);
        Assert.Equal(there.Dropped, back.Dropped);
        Assert.InRange(CorpusSplit.Of(there.Pairs).Test.Count, 300, 2_000);
    }

    [Theory]
    [InlineData("Microsoft.CodeAnalysis.dll")]
    [InlineData("de/Microsoft.CodeAnalysis.resources.dll")]
    [InlineData("zh-Hans/NuGet.Commands.resources.dll")]
    [InlineData("FSharp/ru/FSharp.Core.resources.dll")]
    public void TextsAreThoseThatTheRuntimeReads(string file)
    {
        var path = Path.Combine(SdkFolder.Find(), file);
        var context = new AssemblyLoadContext(null, isCollectible: true);
        try
        {
            var assembly = context.LoadFromAssemblyPath(path);
            foreach (var (stream, strings) in AssemblyStrings.Read(path))
            {
                using var reader = new ResourceReader(assembly.GetManifestResourceStream(stream)!);
                Assert.NotEmpty(strings);
                var expected = reader.Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
                Assert.Equal(expected, strings.ToDictionary());
            }
            Assert.NotEmpty(AssemblyStrings.Read(path));
        }
        finally
        {
            context.Unload();
        }
    }
}
