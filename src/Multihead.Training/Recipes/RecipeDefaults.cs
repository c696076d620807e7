using System.Text.Json;
using System.Text.Json.Nodes;
using Multihead.Training.Schedules;

namespace Multihead.Training.Recipes;

/// <summary>What a recipe leaves out. A reader that the source generator makes gives an init-only property that a file leaves out
/// the zero of its type, and not the value that the record begins with; so the records' own values are put into the JSON first.
/// </summary>
internal static class RecipeDefaults
{
    /// <summary>The recipe that the JSON says.</summary>
    /// <param name="utf8">Checked before.</param>
    /// <param name="read">What the reader makes of it: only the kinds of its parts are taken from there.</param>
    public static Recipe FillIn(ReadOnlySpan<byte> utf8, Recipe read)
    {
        var type = RecipeJsonContext.Default.Recipe;
        var whole = RecipeFile.Node(utf8)!.AsObject();
        Add(JsonSerializer.SerializeToNode(OfSameKinds(read), type)!.AsObject(), whole);
        return whole.Deserialize(type)!;
    }

    private static Recipe OfSameKinds(Recipe read) => new()
    {
        Data = read.Data switch
        {
            SdkData => new SdkData(),
            TsvData tsv => new TsvData { Path = tsv.Path },
            AlignedData aligned => aligned, // leaves nothing out
            TextData text => new TextData { Text = text.Text },
            _ => throw new ArgumentOutOfRangeException(nameof(read)),
        },
        Training = new TrainingOptions
        {
            Schedule = read.Training?.Schedule switch
            {
                null => new TrainingOptions().Schedule,
                InverseSquareRootSchedule => new InverseSquareRootSchedule(),
                CosineSchedule => new CosineSchedule(),
                LinearSchedule => new LinearSchedule(),
                _ => throw new ArgumentOutOfRangeException(nameof(read)),
            },
        },
    };

    private static void Add(JsonObject defaults, JsonObject whole)
    {
        foreach (var (key, value) in defaults)
        {
            if (!whole.TryGetPropertyValue(key, out var given)) whole[key] = value?.DeepClone();
            else if (given is JsonObject part && value is JsonObject defaultPart) Add(defaultPart, part);
        }
    }
}
