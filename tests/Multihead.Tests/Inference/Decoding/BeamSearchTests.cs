using Multihead.Inference;
using Multihead.Inference.Decoding;
using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Tests.Inference.Decoding;

public sealed class BeamSearchTests : IDisposable
{
    // The kernels sum in fp32, the reference in double.
    private const double Tolerance = 1e-4;

    private readonly Workspace _workspace = new(ThreadTeam.Shared);

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.6)]
    [InlineData(2)]
    public void ABeamAsLargeAsAllOutputsFindsTheTrueOrder(double alpha)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            using var plain = new UncachedModel(vocabulary: 5, (ulong)seed);
            var source = plain.Source(2, seed);
            var options = new TranslationOptions { BeamSize = 400, BestCount = 341, LengthPenalty = alpha, MaxExtraTokens = 1 };
            var expected = PlainBeamSearch.Everything(plain, source, maxLength: 4, alpha);
            Assert.Equal(1 + 4 + 16 + 64 + 256, expected.Count);
            AssertSame(expected, Search(plain, options, source)[0]);
        }
    }

    [Theory]
    [InlineData(2, 0.6)]
    [InlineData(4, 0.6)]
    [InlineData(4, 0)]
    [InlineData(7, 1.5)]
    public void AgreesWithAPlainSearch(int beamSize, double alpha)
    {
        var options = new TranslationOptions
        {
            BeamSize = beamSize,
            BestCount = beamSize,
            LengthPenalty = alpha,
            MaxExtraTokens = 3,
        };
        for (var seed = 1; seed <= 6; seed++)
        {
            using var plain = new UncachedModel(vocabulary: 9, (ulong)seed);
            var source = plain.Source(1 + seed, seed);
            AssertSame(PlainBeamSearch.Search(plain, source, source.Length + 3, options), Search(plain, options, source)[0]);
        }
    }

    [Fact]
    public void ScoresAreThoseOfTheOutputsThemselves()
    {
        using var plain = new UncachedModel(vocabulary: 40, seed: 5);
        var source = plain.Source(6, 1);
        var options = new TranslationOptions { BeamSize = 8, BestCount = 8, MaxExtraTokens = 4 };
        var found = Search(plain, options, source)[0];
        Assert.Equal(8, found.Count);
        Assert.Equal(8, found.Select(h => string.Join(' ', h.Tokens)).Distinct().Count());
        Assert.Equal(found.Select(h => h.Score).OrderDescending(), found.Select(h => h.Score));
        foreach (var hypothesis in found)
        {
            var cut = hypothesis.Tokens.Length == source.Length + 4;
            var expected = plain.LogProbability(source, hypothesis.Tokens, cut);
            Assert.Equal(expected, hypothesis.LogProbability, Tolerance);
            var predicted = hypothesis.Tokens.Length + (cut ? 0 : 1);
            Assert.Equal(PlainBeamSearch.Score(expected, predicted, 0.6), hypothesis.Score, Tolerance);
        }
    }

    [Fact]
    public void ASourcesResultHasTheSameBitsInEveryCompany()
    {
        using var plain = new UncachedModel(vocabulary: 30, seed: 3);
        int[][] sources = [.. Enumerable.Range(0, 9).Select(i => plain.Source(1 + i * 5 % 13, i))];
        var options = new TranslationOptions { BeamSize = 3, BestCount = 3, MaxExtraTokens = 6 };
        var alone = sources.Select(source => Search(plain, options, source)[0]).ToArray();
        AssertBits(alone, Search(plain, options, sources));
        AssertBits([.. alone.Reverse()], Search(plain, options, [.. sources.Reverse()]));
        AssertBits([alone[4], alone[4], alone[0]], Search(plain, options, sources[4], sources[4], sources[0]));
    }

    [Fact]
    public void NoOutputIsLongerThanAllowed()
    {
        using var plain = new UncachedModel(vocabulary: 500, seed: 1, maxLength: 12);
        var source = plain.Source(5, 1);
        Assert.Equal(6, Longest(extra: 0));
        Assert.Equal(10, Longest(extra: 4));
        Assert.Equal(12, Longest(extra: int.MaxValue)); // the model's longest

        int Longest(int extra) =>
            Search(plain, new TranslationOptions { BeamSize = 2, MaxExtraTokens = extra }, source)[0].Max(h => h.Tokens.Length);
    }

    [Fact]
    public void ABeamMayBeLargerThanTheVocabulary()
    {
        using var plain = new UncachedModel(vocabulary: 4, seed: 2);
        var source = plain.Source(2, 1);
        var options = new TranslationOptions { BeamSize = 9, BestCount = 9, MaxExtraTokens = 2 };
        AssertSame(PlainBeamSearch.Search(plain, source, 5, options), Search(plain, options, source)[0]);
    }

    private IReadOnlyList<TokenHypothesis>[] Search(UncachedModel plain, TranslationOptions options, params int[][] sources) =>
        BeamSearch.Search(plain.Model, _workspace, new([.. sources.SelectMany(s => s)], [.. sources.Select(s => s.Length)]),
            options, TestContext.Current.CancellationToken);

    private static void AssertSame(List<PlainHypothesis> expected, IReadOnlyList<TokenHypothesis> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Tokens, actual[i].Tokens);
            Assert.Equal(expected[i].LogProbability, actual[i].LogProbability, Tolerance);
            Assert.Equal(expected[i].Score, actual[i].Score, Tolerance);
        }
    }

    private static void AssertBits(IReadOnlyList<TokenHypothesis>[] expected, IReadOnlyList<TokenHypothesis>[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Select(h => h.Score), actual[i].Select(h => h.Score));
            Assert.Equal(expected[i].Select(h => h.LogProbability), actual[i].Select(h => h.LogProbability));
            Assert.Equal(expected[i].Select(h => h.Tokens), actual[i].Select(h => h.Tokens));
        }
    }
}
