namespace Multihead.Models.Formats;

/// <summary>A file that is a table of tensors: the names, the shape check, and what is told where they don't fit.</summary>
internal abstract unsafe class TensorFile<TType> : IWeightTensors
{
    private readonly Dictionary<string, TensorEntry<TType>> _byName = [];

    /// <param name="file">Closed with this one.</param>
    /// <param name="entries">In the order of the file.</param>
    protected TensorFile(BinaryFile file, IReadOnlyList<TensorEntry<TType>> entries)
    {
        (File, Entries) = (file, entries);
        foreach (var entry in entries)
            if (!_byName.TryAdd(entry.Name, entry)) throw file.Fault($"tensor {Shown.Name(entry.Name)} is there twice");
    }

    /// <summary>The tensors, in the order of the file.</summary>
    public IReadOnlyList<TensorEntry<TType>> Entries { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    protected BinaryFile File { get; }

    /// <inheritdoc/>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="MultiheadException">There is none; the nearest name is told.</exception>
    public TensorEntry<TType> Find(string name)
    {
        if (_byName.TryGetValue(name, out var entry)) return entry;
        var nearest = NearestName.Of(name, _byName.Keys);
        throw new MultiheadException($"'{File.FilePath}' has no tensor {Shown.Name(name)} "
            + $"({(nearest is null ? "it holds no tensors at all" : $"the nearest is {Shown.Name(nearest)}")}); "
            + "check that it belongs to this model.");
    }

    /// <inheritdoc/>
    public void Read(string name, ReadOnlySpan<long> expectedShape, float* destination)
    {
        var entry = Find(name);
        if (!expectedShape.SequenceEqual(entry.Shape))
            throw new MultiheadException($"'{File.FilePath}' has tensor {Shown.Name(name)} of shape {Shown.Shape(entry.Shape)} "
                + $"but the model wants {Shown.Shape(expectedShape)}; check that the configuration belongs to this file.");
        ReadValues(entry, destination);
    }

    /// <summary>Reads a whole tensor.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">As many values as it has.</param>
    public void Read(string name, Span<float> destination)
    {
        var entry = Find(name);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, entry.ElementCount, nameof(destination));
        fixed (float* pointer = destination) ReadValues(entry, pointer);
    }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    /// <summary>Reads all values of the tensor as floats.</summary>
    protected abstract void ReadValues(TensorEntry<TType> entry, float* destination);
}
