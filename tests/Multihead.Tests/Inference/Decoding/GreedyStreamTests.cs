using Multihead.Inference;
using Multihead.Inference.Decoding;
using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Tests.Inference.Decoding;

public class GreedyStreamTests
{
    [Theory]
    [InlineData(4, 4, 8)] // most end soon
    [InlineData(333, 0, 60)] // all run to the limit
    public void IsTheChainOfTheMostProbableTokens(int vocabulary, int fewestEnded, int fewestDifferent)
    {
        var (ended, different) = (0, 0);
        for (var seed = 1; seed <= 10; seed++)
        {
            using var plain = new UncachedModel(vocabulary, (ulong)seed);
            var source = plain.Source(seed, seed);
            List<int> chain = [];
            while (chain.Count < 15)
            {
                var probabilities = plain.LogProbabilities(source, chain.ToArray());
                var best = Array.IndexOf(probabilities, probabilities.Max());
                if (best == plain.End) break;
                chain.Add(best);
            }
            if (chain.Count < 15) ended++;
            different += chain.Distinct().Count();
            Assert.Equal(chain, Greedy(plain, source, 15));
        }
        Assert.InRange(ended, fewestEnded, 9); // else the test would see one kind of output only
        Assert.InRange(different, fewestDifferent, 150);
    }

    [Fact]
    public void ABeamOfOneFindsTheSameToTheLastToken()
    {
        using var workspace = new Workspace(ThreadTeam.Shared);
        for (var seed = 1; seed <= 20; seed++)
        {
            using var plain = new UncachedModel(20, (ulong)seed);
            var source = plain.Source(4, seed);
            var found = BeamSearch.Search(plain.Model, workspace, new(source, [source.Length]),
                new TranslationOptions { BeamSize = 1, MaxExtraTokens = 10 }, TestContext.Current.CancellationToken);
            Assert.Equal(Greedy(plain, source, 15), Assert.Single(found[0]).Tokens);
        }
    }

    [Fact]
    public void EndsBetweenTwoTokensWhenCancelled()
    {
        using var plain = new UncachedModel(333, seed: 1);
        using var workspace = new Workspace(ThreadTeam.Shared);
        using var cancellation = new CancellationTokenSource();
        var source = plain.Source(3, 1);
        List<int> taken = [];
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var token in GreedyStream.Run(plain.Model, workspace, source, 15, cancellation.Token))
            {
                taken.Add(token);
                if (taken.Count == 5) cancellation.Cancel();
            }
        });
        Assert.Equal(5, taken.Count);
    }

    private static int[] Greedy(UncachedModel plain, int[] source, int maxLength)
    {
        using var workspace = new Workspace(ThreadTeam.Shared);
        return [.. GreedyStream.Run(plain.Model, workspace, source, maxLength, TestContext.Current.CancellationToken)];
    }
}
