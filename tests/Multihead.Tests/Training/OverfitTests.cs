using Multihead.Inference;
using Multihead.Tests.Inference;

namespace Multihead.Tests.Training;

/// <summary>Twenty sentences are learned by heart.</summary>
[Collection(TrainedTranslator.Name)]
public class OverfitTests(TrainedTranslator trained)
{
    [Fact]
    public void TheLossComesNearZero()
    {
        Assert.Equal(20, TrainedTranslator.Pairs.Count);
        Assert.InRange(trained.Losses[0], 4, 9); // about log 320
        Assert.InRange(trained.Losses[^1], 0, 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void EverySentenceComesBackExactly(int beamSize)
    {
        var found = trained.Translator.TranslateBatch([.. TrainedTranslator.Pairs.Select(pair => pair.Source)],
            new TranslationOptions { BeamSize = beamSize }, null, TestContext.Current.CancellationToken);
        Assert.Equal(TrainedTranslator.Pairs.Select(pair => pair.Target), found.Select(translation => translation.Text));
    }
}
