namespace Multihead.Text.Metrics;

/// <summary>A TER score and what it was made of.</summary>
public sealed record TerScore
{
    internal TerScore() { }

    /// <summary>TER: edits a hundred words of the reference, from 0; lower is better, and it may exceed 100.</summary>
    public required double Score { get; init; }

    /// <summary>Insertions, deletions, substitutions and shifts, of each segment those to the nearest reference.</summary>
    public required long Edits { get; init; }

    /// <summary>Words of the references, of each segment their mean.</summary>
    public required double ReferenceLength { get; init; }

    /// <summary>How it was counted, in sacreBLEU's keys and order; the version is Multihead's.</summary>
    public required string Signature { get; init; }

    /// <summary>The line that sacreBLEU prints, with so many decimals of the score:
    /// <c>TER|nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:... = 69.0</c>.</summary>
    public string Format(int decimals) => $"TER|{Signature} = {Decimals.Of(Score, decimals)}";

    /// <summary>The line that sacreBLEU prints, the score with one decimal.</summary>
    public override string ToString() => Format(1);
}
