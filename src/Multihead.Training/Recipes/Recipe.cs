using System.Text.Json.Serialization;
using Multihead.Text.Corpora;

namespace Multihead.Training.Recipes;

/// <summary>A whole training run in one file: what to read, how to cut it into tokens, which model, and how to learn. JSON with
/// comments; all but the data has a default.</summary>
public sealed record Recipe
{
    /// <summary>Where an editor finds the schema of recipes, such as "recipe.schema.json"; not read here.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The version of this form; newer ones are refused.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The text.</summary>
    public required DataRecipe Data { get; init; }

    /// <summary>Which training pairs are left out.</summary>
    public CorpusFilter Filter { get; init; } = new();

    /// <summary>Tokens of the byte-level vocabulary that is learned from the training text, both sides of pairs together.</summary>
    public int VocabularySize { get; init; } = 8_000;

    /// <summary>The model.</summary>
    public ModelRecipe Model { get; init; } = new();

    /// <summary>How to learn.</summary>
    public TrainingOptions Training { get; init; } = new();
}

/// <summary>Where text comes from: pairs for a translator, or running text for a language model.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SdkData), "sdk")]
[JsonDerivedType(typeof(AlignedData), "aligned")]
[JsonDerivedType(typeof(TsvData), "tsv")]
[JsonDerivedType(typeof(TextData), "text")]
public abstract record DataRecipe
{
    /// <summary>The same with its paths replaced.</summary>
    internal virtual DataRecipe MapPaths(Func<string, string> map) => this;
}

/// <summary>The localised messages of the installed .NET SDK, split by the program.</summary>
public sealed record SdkData : DataRecipe
{
    /// <summary>The language to translate from.</summary>
    public string From { get; init; } = "en";

    /// <summary>The language to translate to.</summary>
    public string To { get; init; } = "de";
}

/// <summary>Files whose lines correspond (.gz too). Paths are relative to the recipe.</summary>
public sealed record AlignedData : DataRecipe
{
    /// <summary>Source sentences to learn from.</summary>
    public required string TrainSource { get; init; }

    /// <summary>Their translations.</summary>
    public required string TrainTarget { get; init; }

    /// <summary>Source sentences to choose by.</summary>
    public required string ValidSource { get; init; }

    /// <summary>Their translations.</summary>
    public required string ValidTarget { get; init; }

    internal override DataRecipe MapPaths(Func<string, string> map) => new AlignedData
    {
        TrainSource = map(TrainSource),
        TrainTarget = map(TrainTarget),
        ValidSource = map(ValidSource),
        ValidTarget = map(ValidTarget),
    };
}

/// <summary>One file with a source and a target on every line, between tabs (.gz too), split by the program. The path is relative
/// to the recipe.</summary>
public sealed record TsvData : DataRecipe
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The source's column, counted from 1.</summary>
    public int SourceColumn { get; init; } = 1;

    /// <summary>The target's column, counted from 1.</summary>
    public int TargetColumn { get; init; } = 2;

    internal override DataRecipe MapPaths(Func<string, string> map) => this with { Path = map(Path) };
}

/// <summary>A file of running text (UTF-8). Paths are relative to the recipe.</summary>
public sealed record TextData : DataRecipe
{
    /// <summary>The text to learn from.</summary>
    public required string Text { get; init; }

    /// <summary>The text to choose by; without it the last share of the other.</summary>
    public string? Valid { get; init; }

    /// <summary>The share of the text that is kept to choose by, where no file is given.</summary>
    public double ValidShare { get; init; } = 0.1;

    /// <summary>Tokens of a training sequence; the model's longest, or the batch's, unless given.</summary>
    public int? Context { get; init; }

    internal override DataRecipe MapPaths(Func<string, string> map) =>
        this with { Text = map(Text), Valid = Valid is null ? null : map(Valid) };
}
