using System.Globalization;

namespace Multihead.Text.Metrics;

/// <summary>A BLEU score and what it was made of.</summary>
public sealed record BleuScore
{
    internal BleuScore() { }

    /// <summary>BLEU, 0 to 100.</summary>
    public required double Score { get; init; }

    /// <summary>[order]: the smoothed n-gram precisions, 0 to 100.</summary>
    public required IReadOnlyList<double> Precisions { get; init; }

    /// <summary>The factor, 0 to 1, for a translation shorter than its reference.</summary>
    public required double BrevityPenalty { get; init; }

    /// <summary>Tokens of the hypotheses.</summary>
    public required long HypothesisLength { get; init; }

    /// <summary>Tokens of the references, of each segment the one closest in length.</summary>
    public required long ReferenceLength { get; init; }

    /// <summary>How it was counted, in sacreBLEU's keys and order; the version is Multihead's.</summary>
    public required string Signature { get; init; }

    /// <summary>The line that sacreBLEU prints, with so many decimals of the score:
    /// <c>BLEU|signature = 20.8 54.4/26.6/14.9/8.7 (BP = 1.000 ratio = 1.026 hyp_len = 62880 ref_len = 61287)</c>.</summary>
    public string Format(int decimals)
    {
        var ratio = ReferenceLength == 0 ? 0 : (double)HypothesisLength / ReferenceLength;
        return string.Create(CultureInfo.InvariantCulture,
            $"BLEU|{Signature} = {Decimals.Of(Score, decimals)} {string.Join('/', Precisions.Select(p => Decimals.Of(p, 1)))} "
            + $"(BP = {Decimals.Of(BrevityPenalty, 3)} ratio = {Decimals.Of(ratio, 3)} hyp_len = {HypothesisLength} "
            + $"ref_len = {ReferenceLength})");
    }

    /// <summary>The line that sacreBLEU prints, the score with one decimal.</summary>
    public override string ToString() => Format(1);
}
