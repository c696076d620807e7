namespace Multihead.Text.Metrics;

/// <summary>How <see cref="Ter"/> counts; the defaults are sacreBLEU's.</summary>
public sealed record TerOptions
{
    /// <summary>Whether case counts; TER ignores it unless told.</summary>
    public bool CaseSensitive { get; init; }
}
