namespace Multihead.Models.Formats;

/// <summary>The weights of a checkpoint folder: <c>model.safetensors</c>, or the shards that
/// <c>model.safetensors.index.json</c> names. May be used from many threads at once.</summary>
internal sealed unsafe class SafetensorsFolder : IWeightTensors
{
    /// <summary>The name of weights that are not sharded. It goes before an index, as with Hugging Face.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>The name of the index over shards.</summary>
    public const string IndexFileName = "model.safetensors.index.json";

    private readonly List<SafetensorsFile> _files;
    private readonly Dictionary<string, SafetensorsFile> _fileOf = [];
    private readonly string _folder;

    private SafetensorsFolder(string folder, List<SafetensorsFile> files) => (_folder, _files) = (folder, files);

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _fileOf.Keys;

    /// <summary>Opens the weights of a folder and checks every file's header.</summary>
    /// <exception cref="MultiheadException">Neither file is there, or one of them is at fault.</exception>
    public static SafetensorsFolder Open(string folder)
    {
        var weights = new SafetensorsFolder(folder, []);
        try
        {
            var single = Path.Combine(folder, FileName);
            var index = Path.Combine(folder, IndexFileName);
            if (File.Exists(single)) weights.AddWhole(SafetensorsFile.Open(single));
            else if (File.Exists(index)) weights.AddShards(index);
            else
                throw new MultiheadException($"The folder '{folder}' has neither {FileName} nor {IndexFileName}; give a folder "
                    + "that holds a model.");
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _fileOf.ContainsKey(name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="MultiheadException">There is none; the nearest name is told.</exception>
    public SafetensorsEntry Find(string name) => FileOf(name).Find(name);

    /// <inheritdoc cref="SafetensorsFile.ReadFloat32"/>
    public void ReadFloat32(string name, Span<float> destination) => FileOf(name).ReadFloat32(name, destination);

    /// <inheritdoc cref="SafetensorsFile.Read(string, ReadOnlySpan{long}, float*)"/>
    public void Read(string name, ReadOnlySpan<long> expectedShape, float* destination) =>
        FileOf(name).Read(name, expectedShape, destination);

    /// <inheritdoc cref="SafetensorsFile.Read(string, ReadOnlySpan{long}, Span{float})"/>
    public void Read(string name, ReadOnlySpan<long> expectedShape, Span<float> destination) =>
        FileOf(name).Read(name, expectedShape, destination);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private void AddWhole(SafetensorsFile file)
    {
        _files.Add(file);
        foreach (var entry in file.Entries) _fileOf.Add(entry.Name, file);
    }

    private void AddShards(string indexPath)
    {
        var shards = new Dictionary<string, SafetensorsFile>();
        foreach (var (tensor, shard) in SafetensorsIndex.Read(indexPath).WeightMap)
        {
            if (!shards.TryGetValue(shard, out var file))
            {
                shards.Add(shard, file = SafetensorsFile.Open(Path.Combine(_folder, shard)));
                _files.Add(file);
            }
            if (!file.Contains(tensor))
                throw new MultiheadException($"'{file.FilePath}' has no tensor {Shown.Name(tensor)}, though {IndexFileName} puts "
                    + "it there; fetch or save the model again.");
            _fileOf.Add(tensor, file);
        }
    }

    private SafetensorsFile FileOf(string name)
    {
        if (_fileOf.TryGetValue(name, out var file)) return file;
        var nearest = NearestName.Of(name, _fileOf.Keys);
        throw new MultiheadException($"The weights in '{_folder}' have no tensor '{name}' "
            + $"({(nearest is null ? "they hold none at all" : $"the nearest is {Shown.Name(nearest)}")}); "
            + "check that they belong to this model.");
    }
}
