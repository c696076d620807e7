using Multihead.Inference;
using Multihead.Inference.Decoding;

namespace Multihead.Tests.Inference.Decoding;

/// <summary>A beam by itself, fed with log-probabilities that are easy to add up. Token 0 is the end mark.</summary>
public class BeamTests
{
    [Fact]
    public void AmongEqualsTheOneGivenFirstIsTaken()
    {
        // As where two logits differ and their log-probabilities, rounded, don't: the order of the logits is that of the list.
        var beam = new Beam(new TranslationOptions { BeamSize = 1 }, maxLength: 9);
        Assert.Equal([(0, 7)], Advance(beam, 2, (7, -1), (3, -1)));
        var pair = new Beam(new TranslationOptions { BeamSize = 2 }, maxLength: 9);
        Assert.Equal([(0, 7), (0, 3)], Advance(pair, 3, (7, -1), (3, -1), (2, -1)));
        Assert.Equal([(0, 9), (0, 8)], Advance(pair, 3, (9, -1), (8, -1), (4, -2), (5, -1), (6, -1), (2, -2)));
    }

    [Fact]
    public void AnEndMarkIsFinishedWhereItIsAmongTheBestOnly()
    {
        var beam = new Beam(new TranslationOptions { BeamSize = 2, BestCount = 2, LengthPenalty = 0 }, maxLength: 9);
        Assert.Equal([(0, 5), (0, 6)], Advance(beam, 3, (5, -1), (6, -2), (0, -3)));
        Assert.Empty(beam.Best);
        // In order: the first ends (-1.5), goes on by 4 (-2), the second ends (-2.25), the first goes on by 3 (-9).
        Assert.Equal([(0, 4), (0, 3)], Advance(beam, 3, (0, -0.5f), (4, -1), (3, -8), (0, -0.25f), (4, -8), (3, -9)));
        Assert.Equal([5], Assert.Single(beam.Best).Tokens);
        Assert.Equal(-1.5, beam.Best[0].LogProbability);
    }

    [Fact]
    public void AnOutputCutAtTheGreatestLengthHasThatLength()
    {
        var beam = new Beam(new TranslationOptions { BeamSize = 1, LengthPenalty = 1 }, maxLength: 2);
        Advance(beam, 2, (5, -1), (6, -2));
        Assert.Empty(Advance(beam, 2, (7, -1), (8, -3)));
        Assert.True(beam.IsDone);
        Assert.Equal([5, 7], beam.Best[0].Tokens);
        Assert.Equal(-2 / (7 / 6.0), beam.Best[0].Score, 12);
    }

    [Fact]
    public void GoesOnAsLongAsALiveOutputMayBecomeTheBest()
    {
        var options = new TranslationOptions { BeamSize = 2, BestCount = 2, LengthPenalty = 1 };
        var beam = new Beam(options, maxLength: 13); // the largest penalty is 3
        Advance(beam, 3, (0, -1), (5, -1.25f), (6, -7));
        Assert.False(beam.IsDone); // one is finished, two are wanted
        Advance(beam, 3, (0, -0.25f), (5, -0.5f), (4, -8), (3, -9), (2, -9), (4, -9));
        Assert.False(beam.IsDone); // -1.75 / 3 is better than -1 / 1 and -1.5 / (7 / 6)
        Advance(beam, 3, (5, -4), (4, -4.5f), (3, -9), (2, -9), (3, -9), (4, -9));
        Assert.True(beam.IsDone); // -5.75 / 3 is worse than both
        Assert.Equal([[], [5]], beam.Best.Select(h => h.Tokens));
    }

    // Returns the new live outputs: which old one each continues, and by what.
    private static (int Parent, int Token)[] Advance(Beam beam, int k, params (int Id, float LogProbability)[] candidates)
    {
        Assert.Equal(beam.LiveCount * k, candidates.Length);
        List<int> parents = [], tokens = [];
        int[] ids = [.. candidates.Select(c => c.Id)];
        beam.Advance(ids, [.. candidates.Select(c => c.LogProbability)], k, endId: 0, parents, tokens);
        return [.. parents.Zip(tokens)];
    }
}
