using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>The lines that say how a score was counted, in sacreBLEU's words.</summary>
public class SignatureTests
{
    public static TheoryData<BleuOptions, string> BleuSignatures => new()
    {
        { new(), "case:mixed|eff:no|tok:13a|smooth:exp" },
        { new() { Tokenization = BleuTokenization.International }, "case:mixed|eff:no|tok:intl|smooth:exp" },
        { new() { Tokenization = BleuTokenization.Character, LowerCase = true }, "case:lc|eff:no|tok:char|smooth:exp" },
        { new() { Tokenization = BleuTokenization.None, EffectiveOrder = true }, "case:mixed|eff:yes|tok:none|smooth:exp" },
        { new() { Smoothing = BleuSmoothing.None }, "case:mixed|eff:no|tok:13a|smooth:none" },
        { new() { Smoothing = BleuSmoothing.Floor }, "case:mixed|eff:no|tok:13a|smooth:floor[0.10]" },
        { new() { Smoothing = BleuSmoothing.Floor, SmoothingValue = 0.5 }, "case:mixed|eff:no|tok:13a|smooth:floor[0.50]" },
        { new() { Smoothing = BleuSmoothing.AddK }, "case:mixed|eff:no|tok:13a|smooth:add-k[1.00]" },
        { new() { Smoothing = BleuSmoothing.AddK, SmoothingValue = 2 }, "case:mixed|eff:no|tok:13a|smooth:add-k[2.00]" },
    };

    public static TheoryData<ChrFOptions, string, string> ChrFSignatures => new()
    {
        { new(), "chrF2", "case:mixed|eff:yes|nc:6|nw:0|space:no" },
        { new() { WordOrder = 2 }, "chrF2++", "case:mixed|eff:yes|nc:6|nw:2|space:no" },
        { new() { WordOrder = 1, Beta = 3, LowerCase = true }, "chrF3+", "case:lc|eff:yes|nc:6|nw:1|space:no" },
        { new() { CharacterOrder = 4, WhiteSpace = true }, "chrF2", "case:mixed|eff:yes|nc:4|nw:0|space:yes" },
        { new() { EpsilonSmoothing = true }, "chrF2", "case:mixed|eff:no|nc:6|nw:0|space:no" },
    };

    [Theory]
    [MemberData(nameof(BleuSignatures))]
    public void BleuSaysHowItCounts(BleuOptions options, string signature)
    {
        var score = Bleu.Corpus(["a b c d"], [["a b c e"]], options);
        Assert.StartsWith($"nrefs:1|{signature}|version:multihead-", score.Signature, StringComparison.Ordinal);
        Assert.StartsWith($"BLEU|{score.Signature} = ", score.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ChrFSignatures))]
    public void ChrFSaysHowItCounts(ChrFOptions options, string name, string signature) => Assert.StartsWith(
        $"{name}|nrefs:1|{signature}|version:multihead-", ChrF.Corpus(["a b c d"], [["a b c e"]], options).ToString(),
        StringComparison.Ordinal);
}
