using Multihead.Inference;

namespace Multihead.Tests.Inference;

[Collection(TrainedTranslator.Name)]
public class TranslationOptionsTests(TrainedTranslator trained)
{
    public static TheoryData<string, TranslationOptions> Bad => new()
    {
        { "BeamSize", new TranslationOptions { BeamSize = 0 } },
        { "BeamSize", new TranslationOptions { BeamSize = 257 } },
        { "BestCount", new TranslationOptions { BestCount = 0 } },
        { "BestCount", new TranslationOptions { BeamSize = 2, BestCount = 3 } },
        { "MaxExtraTokens", new TranslationOptions { MaxExtraTokens = -1 } },
        { "LengthPenalty", new TranslationOptions { LengthPenalty = -0.1 } },
        { "LengthPenalty", new TranslationOptions { LengthPenalty = double.PositiveInfinity } },
        { "LengthPenalty", new TranslationOptions { LengthPenalty = double.NaN } },
        { "LengthPenalty", new TranslationOptions { LengthPenalty = -double.NaN } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void WhatCannotBeMeantIsRefusedAtEveryDoor(string name, TranslationOptions options)
    {
        var none = TestContext.Current.CancellationToken;
        var translator = trained.Translator;
        Assert.Throws<ArgumentOutOfRangeException>(name, () => translator.Translate("a", options, none));
        Assert.Throws<ArgumentOutOfRangeException>(name, () => translator.TranslateBatch([], options, null, none));
        Assert.Throws<ArgumentOutOfRangeException>(name, () => translator.TranslateLines(["a"], options, none).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(name, () => translator.TranslateStreaming("a", options, none));
    }

    [Fact]
    public void TheDefaultsAreThePapers()
    {
        var options = new TranslationOptions();
        Assert.Equal((4, 0.6, 1, 50), (options.BeamSize, options.LengthPenalty, options.BestCount, options.MaxExtraTokens));
    }

    [Fact]
    public void TheLargestValuesWork() => Assert.Equal("Gute Nacht.", trained.Translator.Translate("Good night.",
        new TranslationOptions { BeamSize = 256, BestCount = 256, MaxExtraTokens = int.MaxValue, LengthPenalty = 0 },
        TestContext.Current.CancellationToken).Text);
}
