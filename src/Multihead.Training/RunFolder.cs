using System.Globalization;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;

namespace Multihead.Training;

/// <summary>Where things stand in the folder of a run: what running needs on top, what learning needs under training/.</summary>
internal sealed class RunFolder(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    public string Training => Path.Combine(Root, "training");

    public string Config => Path.Combine(Root, ModelConfigJson.FileName);

    public string Weights => Path.Combine(Root, SafetensorsFolder.FileName);

    public string Tokenizer => Path.Combine(Root, "tokenizer.json");

    /// <summary>The recipe; written before anything else, so that it says whether the folder holds a run.</summary>
    public string Recipe => Path.Combine(Training, "recipe.json");

    public string State => Path.Combine(Training, "state.safetensors");

    /// <summary>The weights with the lowest validation loss, where the average of others becomes the model.</summary>
    public string Best => Path.Combine(Training, "best.safetensors");

    public string LossLog => Path.Combine(Training, "loss.csv");

    public string Curves => Path.Combine(Training, "curves.svg");

    /// <summary>Weights of one saved step, to be averaged at the end.</summary>
    public string Snapshot(int step) =>
        Path.Combine(Training, string.Create(CultureInfo.InvariantCulture, $"snapshot-{step:D8}.safetensors"));

    /// <summary>The snapshots there are, oldest first.</summary>
    public IReadOnlyList<(string Path, int Step)> Snapshots()
    {
        if (!Directory.Exists(Training)) return [];
        return [.. Directory.EnumerateFiles(Training, "snapshot-*.safetensors")
            .Select(path => (path, Step: int.TryParse(Path.GetFileNameWithoutExtension(path)["snapshot-".Length..],
                NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1))
            .Where(s => s.Step >= 0).OrderBy(s => s.Step)];
    }

    /// <summary>Refuses a folder that a new run would overwrite.</summary>
    /// <exception cref="MultiheadException">It holds a run or a model.</exception>
    public void RequireNoRun()
    {
        if (File.Exists(Recipe))
            throw new MultiheadException(
                $"'{Root}' already holds a run; go on with it by --resume, or give another folder by --out.");
        string[] files = [Config, Weights, Path.Combine(Root, SafetensorsFolder.IndexFileName), Tokenizer, State, LossLog];
        if (files.FirstOrDefault(File.Exists) is { } found)
            throw new MultiheadException(
                $"'{Root}' already holds {Path.GetFileName(found)} of a model; give another folder by --out.");
    }

    /// <summary>Refuses a folder that has nothing to go on from.</summary>
    /// <exception cref="MultiheadException">It holds no run.</exception>
    public void RequireRun()
    {
        if (!File.Exists(Recipe))
            throw new MultiheadException($"'{Root}' holds no run to go on with; leave out --resume to begin one, or give the folder "
                + "of a run by --out.");
    }

    /// <summary>Removes what writes that were killed left behind.</summary>
    public void RemoveTornWrites()
    {
        AtomicFile.RemoveTorn(Root);
        AtomicFile.RemoveTorn(Training);
    }
}
