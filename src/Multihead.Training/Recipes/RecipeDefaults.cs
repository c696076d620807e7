using System.Text.Json;
using System.Text.Json.Nodes;
using Multihead.Training.Schedules;

namespace Multihead.Training.Recipes;

/// <summary>Gives a recipe the values that its file leaves out. The source-generated reader alone would make them zero: it does
/// not run the initializers of init-only properties.</summary>
internal static class RecipeDefaults
{
    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a recipe over the defaults of its kinds.</summary>
    /// <param name="utf8">The text without a byte order mark; already found to have the right form.</param>
    public static Recipe Complete(ReadOnlySpan<byte> utf8)
    {
        var given = (JsonObject)JsonNode.Parse(utf8, documentOptions: Lenient)!;
        var defaults = new Recipe
        {
            Data = DataOf(Kind(given["data"])),
            Training = new TrainingOptions { Schedule = ScheduleOf(Kind(given["training"]?["schedule"])) },
        };
        var whole = (JsonObject)JsonSerializer.SerializeToNode(defaults, RecipeJsonContext.Default.Recipe)!;
        Overlay(whole, given);
        return whole.Deserialize(RecipeJsonContext.Default.Recipe)!;
    }

    // What is required is empty here: the file has it.
    private static DataRecipe DataOf(string? kind) => kind switch
    {
        "aligned" => new AlignedData { TrainSource = "", TrainTarget = "", ValidSource = "", ValidTarget = "" },
        "tsv" => new TsvData { Path = "" },
        _ => new SdkData(),
    };

    private static LearningRateSchedule ScheduleOf(string? kind) => kind switch
    {
        "cosine" => new CosineSchedule(),
        "linear" => new LinearSchedule(),
        _ => new InverseSquareRootSchedule(),
    };

    private static string? Kind(JsonNode? node) => (string?)node?["kind"];

    private static void Overlay(JsonObject below, JsonObject above)
    {
        foreach (var (key, value) in above)
        {
            if (value is JsonObject inner && below[key] is JsonObject known) Overlay(known, inner);
            else below[key] = value?.DeepClone();
        }
    }
}
