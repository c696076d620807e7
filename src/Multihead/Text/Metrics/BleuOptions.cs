namespace Multihead.Text.Metrics;

/// <summary>How BLEU splits a line into tokens; the names are sacreBLEU's.</summary>
public enum BleuTokenization
{
    /// <summary><c>13a</c>: NIST's mteval-v13a, WMT's standard.</summary>
    V13a,

    /// <summary><c>intl</c>: mteval-v14's international tokenisation, by Unicode punctuation and symbols.</summary>
    International,

    /// <summary><c>char</c>: every character but white space is a token.</summary>
    Character,

    /// <summary><c>none</c>: the line is tokenised already.</summary>
    None,
}

/// <summary>What stands in for an n-gram order without a match; Chen and Cherry 2014, https://aclanthology.org/W14-3346.
/// </summary>
public enum BleuSmoothing
{
    /// <summary><c>exp</c>: the k-th such order counts 1/2^k matches (mteval-v13a).</summary>
    Exponential,

    /// <summary><c>floor</c>: a small number of matches, 0.1 unless told.</summary>
    Floor,

    /// <summary><c>add-k</c>: k, 1 unless told, more matches and n-grams in every order above the first.</summary>
    AddK,

    /// <summary><c>none</c>: the score is 0.</summary>
    None,
}

/// <summary>How <see cref="Bleu"/> counts; the defaults are sacreBLEU's.</summary>
public sealed record BleuOptions
{
    /// <summary>How lines become tokens.</summary>
    public BleuTokenization Tokenization { get; init; } = BleuTokenization.V13a;

    /// <summary>What stands in for an n-gram order without a match.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>The floor, or the k of add-k, above 0; null for 0.1 and 1. Other smoothings take none.</summary>
    public double? SmoothingValue { get; init; }

    /// <summary>Whether case is ignored.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Whether orders longer than every hypothesis are left out of the mean: for single sentences.</summary>
    public bool EffectiveOrder { get; init; }

    /// <summary>The longest n-gram, 1 to 16; BLEU is defined with 4.</summary>
    public int Order { get; init; } = 4;

    internal double SmoothingValueOrDefault => SmoothingValue ?? (Smoothing == BleuSmoothing.Floor ? 0.1 : 1);

    internal void Check()
    {
        if (Order is < 1 or > 16)
            throw new MultiheadException($"BLEU was asked for n-grams up to {Order}; give an order from 1 to 16.");
        if (SmoothingValue is not null && Smoothing is BleuSmoothing.Exponential or BleuSmoothing.None)
            throw new MultiheadException($"BLEU was given a smoothing value, which only the smoothings floor and add-k take; "
                + "choose one of them or leave the value out.");
        if (SmoothingValue is { } value && !(value >= 0 && double.IsFinite(value)))
            throw new MultiheadException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"BLEU was given the smoothing value {value}; give a number of 0 or more."));
    }
}
