using System.CommandLine;
using Multihead.Cli.Shell;
using Multihead.Inference;

namespace Multihead.Cli.Commands;

/// <summary>The model and the search, for the commands that translate.</summary>
internal static class SearchOptions
{
    private static readonly TranslationOptions Defaults = new();

    /// <summary>A checkpoint folder.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "The folder that quickstart or train has written." };

    /// <summary>How many partial translations are kept.</summary>
    public static Option<int?> Beam() => NumberOption.Whole("--beam",
        $"Partial translations kept side by side; {Defaults.BeamSize} by default, 1 is greedy.", 1, TranslationOptions.MostBeams);

    /// <summary>What long translations are favoured by.</summary>
    public static Option<double?> LengthPenalty() => NumberOption.Real("--length-penalty",
        FormattableString.Invariant($"The larger, the longer the translations; {Defaults.LengthPenalty} by default."), 0, 10);

    /// <summary>The options of the library; what was not given is as the paper has it.</summary>
    public static TranslationOptions Of(int? beam, double? lengthPenalty = null, int? best = null) => Defaults with
    {
        BeamSize = beam ?? Defaults.BeamSize,
        LengthPenalty = lengthPenalty ?? Defaults.LengthPenalty,
        BestCount = best ?? Defaults.BestCount,
    };
}
