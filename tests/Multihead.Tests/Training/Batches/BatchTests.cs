using Multihead.Models.Configuration;
using Multihead.Training.Batches;

namespace Multihead.Tests.Training.Batches;

public class BatchTests
{
    private static readonly ModelConfig Config = TinyModel.Config() with { EndOfSentenceId = 9, DecoderStartId = 1 };

    [Fact]
    public void LaysOutSourcesInputsAndTargetsWithTheirMarks()
    {
        var batch = new Batch(16);
        batch.Fill(Three(), [2, 0, 1], Config);

        Assert.Equal([4, 5, 9, 2, 9, 9], batch.Sources.Ids);
        Assert.Equal([3, 2, 1], batch.Sources.Lengths);
        Assert.Equal([1, 6, 7, 8, 1, 3, 1], batch.Inputs.Ids);
        Assert.Equal([4, 2, 1], batch.Inputs.Lengths);
        Assert.Equal([6, 7, 8, 9, 3, 9, 9], batch.Targets);
        Assert.Equal((6, 7), (batch.SourceTokens, batch.TargetTokens));
    }

    [Fact]
    public void AFillForgetsTheOneBefore()
    {
        var batch = new Batch(16);
        batch.Fill(Three(), [0, 1, 2], Config);
        batch.Fill(Three(), [0], Config);
        Assert.Equal([2, 9], batch.Sources.Ids);
        Assert.Equal([1, 3], batch.Inputs.Ids);
        Assert.Equal([3, 9], batch.Targets);
        Assert.Equal([2], batch.Inputs.Lengths);
    }

    [Fact]
    public void TheBudgetMayBeFilledToTheLastToken()
    {
        var batch = new Batch(4);
        batch.Fill(Three(), [2], Config); // 3 source and 4 target tokens with their marks
        Assert.Equal(4, batch.TargetTokens);
    }

    private static EncodedCorpus Three()
    {
        var corpus = new EncodedCorpus();
        corpus.Add([2], [3]);
        corpus.Add([], []);
        corpus.Add([4, 5], [6, 7, 8]);
        return corpus;
    }
}
