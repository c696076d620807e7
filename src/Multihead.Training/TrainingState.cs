using System.Globalization;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Tensors;

namespace Multihead.Training;

/// <summary>All that a run needs to go on as if never stopped, in one file that is replaced in one move: the weights under their
/// names, the optimizer's two moments, the step, the best validation loss so far, and the fingerprint of the data.</summary>
internal static unsafe class TrainingState
{
    private const int FormatVersion = 1;

    /// <summary>Replaces the state.</summary>
    public static void Save(string path, ParameterStore store, AdamMoments moments, in TrainingPosition position, string data)
    {
        TensorSource[] ofAdam = [new("adam.first", [store.FlatCount], (nint)moments.First),
            new("adam.second", [store.FlatCount], (nint)moments.Second)];
        var metadata = new Dictionary<string, string>
        {
            ["formatVersion"] = FormatVersion.ToString(CultureInfo.InvariantCulture),
            ["step"] = position.Step.ToString(CultureInfo.InvariantCulture),
            ["bestValidationLoss"] = position.BestValidationLoss.ToString("R", CultureInfo.InvariantCulture),
            ["data"] = data,
        };
        WeightFile.Export(store, weights => SafetensorsWriter.Write(path, [.. weights, .. ofAdam], metadata));
    }

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="MultiheadException">The file is damaged, of a newer version, or of another model or other data.
    /// </exception>
    public static TrainingPosition Load(string path, ParameterStore store, AdamMoments moments, string data)
    {
        using var file = SafetensorsFile.Open(path);
        var version = Field(file, "formatVersion");
        if (version > FormatVersion)
            throw new MultiheadException($"'{path}' has formatVersion {version}, newer than {FormatVersion}, which this program "
                + "reads; use a newer Multihead.");
        if (file.Metadata.GetValueOrDefault("data") != data)
            throw new MultiheadException($"'{path}' was learned from other text than the recipe gives now; bring the text (of "
                + "the SDK: its version) and the tokenizer.json of the run back, or begin anew in another folder.");
        WeightFile.Read(store, file.Read);
        file.Read("adam.first", [store.FlatCount], moments.First);
        file.Read("adam.second", [store.FlatCount], moments.Second);
        return new TrainingPosition(Step(file), Field(file, "bestValidationLoss"));
    }

    private static int Step(SafetensorsFile file) =>
        Field(file, "step") is var step and >= 0 and <= int.MaxValue && step == Math.Floor(step)
            ? (int)step
            : throw new MultiheadException($"'{file.FilePath}' says in its metadata that {Shown.Name(file.Metadata["step"])} "
                + "steps are done, which is no count; the file is damaged, begin the run again.");

    private static double Field(SafetensorsFile file, string name) =>
        file.Metadata.TryGetValue(name, out var text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsNaN(value)
            ? value
            : throw new MultiheadException($"'{file.FilePath}' has no number '{name}' in its metadata; it is not a training state "
                + "of Multihead.");
}

/// <summary>How far a run is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="BestValidationLoss">The lowest so far; infinity before the first.</param>
internal readonly record struct TrainingPosition(int Step, double BestValidationLoss)
{
    public static TrainingPosition Start => new(0, double.PositiveInfinity);
}
