namespace Multihead.Text.Metrics;

/// <summary>A chrF score.</summary>
public sealed record ChrFScore
{
    internal ChrFScore() { }

    /// <summary>chrF, 0 to 100.</summary>
    public required double Score { get; init; }

    /// <summary>The metric's name with its beta, a plus for each order of words: <c>chrF2</c>, <c>chrF2++</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How it was counted, in sacreBLEU's keys and order; the version is Multihead's.</summary>
    public required string Signature { get; init; }

    /// <summary>The line that sacreBLEU prints, with so many decimals of the score:
    /// <c>chrF2|nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:... = 52.0</c>.</summary>
    public string Format(int decimals) => $"{Name}|{Signature} = {Decimals.Of(Score, decimals)}";

    /// <summary>The line that sacreBLEU prints, the score with one decimal.</summary>
    public override string ToString() => Format(1);
}
