using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Multihead.Models.Formats;

namespace Multihead.Tests.Models.Checkpoints;

/// <summary>A copy of a committed checkpoint, to be spoiled.</summary>
internal sealed class CheckpointCopy : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly List<float[]> _pinned = []; // what tensors point into

    public CheckpointCopy(string name)
    {
        foreach (var file in Directory.GetFiles(CheckpointTests.FolderOf(name))) File.Copy(file, this[Path.GetFileName(file)]);
    }

    public string FullPath => _scratch.FullPath;

    public string this[string file] => _scratch[file];

    /// <summary>Changes a key of config.json.</summary>
    public void Configure(string key, int value)
    {
        var config = JsonNode.Parse(File.ReadAllText(this["config.json"]))!;
        config[key] = value;
        File.WriteAllText(this["config.json"], config.ToJsonString());
    }

    /// <summary>Changes the list of tensors in model.safetensors.</summary>
    public void Rewrite(Action<List<TensorSource>> change)
    {
        List<TensorSource> tensors = [];
        using (var file = SafetensorsFile.Open(this["model.safetensors"]))
            foreach (var entry in file.Entries)
            {
                var values = new float[entry.ElementCount];
                file.ReadFloat32(entry.Name, values);
                tensors.Add(Tensor(entry.Name, [.. entry.Shape], values));
            }
        change(tensors);
        SafetensorsWriter.Write(this["model.safetensors"], tensors);
    }

    /// <summary>A tensor of these values, which are copied.</summary>
    public unsafe TensorSource Tensor(string name, long[] shape, ReadOnlySpan<float> values)
    {
        var pinned = GC.AllocateUninitializedArray<float>(values.Length, pinned: true);
        values.CopyTo(pinned);
        _pinned.Add(pinned);
        return new TensorSource(name, shape, (nint)Unsafe.AsPointer(ref pinned[0]));
    }

    public void Dispose() => _scratch.Dispose();
}
