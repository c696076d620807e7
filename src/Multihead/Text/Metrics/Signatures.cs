using System.Globalization;

namespace Multihead.Text.Metrics;

/// <summary>The lines that say how a score was counted: the keys, their order and their values are those of sacreBLEU 2, which
/// counts the same; only the version names this library, for its numbers are its own to answer for.</summary>
internal static class Signatures
{
    private static readonly string Version = $"version:multihead-{typeof(Signatures).Assembly.GetName().Version!.ToString(3)}";

    public static string Bleu(BleuOptions options, string referenceCount) => string.Join('|',
        "nrefs:" + referenceCount,
        Case(options.LowerCase),
        "eff:" + YesNo(options.EffectiveOrder),
        "tok:" + NameOf(options.Tokenization),
        "smooth:" + NameOf(options),
        Version);

    public static string ChrF(ChrFOptions options, string referenceCount) => string.Join('|',
        "nrefs:" + referenceCount,
        Case(options.LowerCase),
        "eff:" + YesNo(!options.EpsilonSmoothing),
        "nc:" + options.CharacterOrder.ToString(CultureInfo.InvariantCulture),
        "nw:" + options.WordOrder.ToString(CultureInfo.InvariantCulture),
        "space:" + YesNo(options.WhiteSpace),
        Version);

    public static string Ter(TerOptions options, string referenceCount) => string.Join('|',
        "nrefs:" + referenceCount,
        Case(!options.CaseSensitive),
        "tok:tercom",
        "norm:no",
        "punct:yes",
        "asian:no",
        Version);

    private static string Case(bool lower) => lower ? "case:lc" : "case:mixed";

    private static string YesNo(bool yes) => yes ? "yes" : "no";

    private static string NameOf(BleuTokenization tokenization) => tokenization switch
    {
        BleuTokenization.V13a => "13a",
        BleuTokenization.International => "intl",
        BleuTokenization.Character => "char",
        _ => "none",
    };

    private static string NameOf(BleuOptions options) => options.Smoothing switch
    {
        BleuSmoothing.Exponential => "exp",
        BleuSmoothing.Floor => $"floor[{Decimals.Of(options.SmoothingValueOrDefault, 2)}]",
        BleuSmoothing.AddK => $"add-k[{Decimals.Of(options.SmoothingValueOrDefault, 2)}]",
        _ => "none",
    };
}
