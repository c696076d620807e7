namespace Multihead.Text.Metrics;

/// <summary>How <see cref="ChrF"/> counts; the defaults are sacreBLEU's chrF2. <c>WordOrder = 2</c> makes chrF2++.</summary>
public sealed record ChrFOptions
{
    /// <summary>The longest character n-gram, 1 to 16.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>The longest word n-gram, 0 to 16; 0 for chrF, 2 for chrF++.</summary>
    public int WordOrder { get; init; }

    /// <summary>How many times recall weighs more than precision, 1 or more.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Whether white space counts among the characters.</summary>
    public bool WhiteSpace { get; init; }

    /// <summary>Whether case is ignored.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Whether orders without any n-gram count as next to 0, as in chrF++.py, NLTK and Moses, and the F scores of the
    /// orders are averaged; otherwise such orders are left out, and precision and recall are averaged.</summary>
    public bool EpsilonSmoothing { get; init; }

    internal void Check()
    {
        if (CharacterOrder is < 1 or > 16)
            throw new MultiheadException($"chrF was asked for character n-grams up to {CharacterOrder}; give 1 to 16.");
        if (WordOrder is < 0 or > 16)
            throw new MultiheadException($"chrF was asked for word n-grams up to {WordOrder}; give 0 to 16.");
        if (Beta < 1) throw new MultiheadException($"chrF was given the beta {Beta}; give a whole number of 1 or more.");
    }
}
