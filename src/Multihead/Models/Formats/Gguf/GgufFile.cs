namespace Multihead.Models.Formats.Gguf;

/// <summary>An open GGUF file of version 2 or 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md: metadata, a table of
/// tensors, aligned data. Quantised tensors are read as ggml makes floats of them. May be used from many threads at once.
/// </summary>
internal sealed unsafe class GgufFile : TensorFile<GgufType>
{
    private GgufFile(BinaryFile file, GgufHead head) : base(file, head.Entries) => Metadata = head.Metadata;

    /// <summary>All keys and values, in the order of the file; values as <see cref="GgufValue.Read"/> makes them.</summary>
    public IReadOnlyDictionary<string, object> Metadata { get; }

    /// <summary>Opens a file and checks that all tensors lie inside it.</summary>
    /// <exception cref="MultiheadException">No such file, another version, or a fault.</exception>
    public static GgufFile Open(string path)
    {
        var file = BinaryFile.Open(path, "GGUF");
        try
        {
            return new GgufFile(file, GgufHead.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void ReadValues(TensorEntry<GgufType> entry, float* destination)
    {
        var block = GgufBlock.Of(entry.Type)
            ?? throw new MultiheadException($"'{File.FilePath}' has tensor {Shown.Name(entry.Name)} in ggml's element type "
                + $"{entry.Type}, and only F32, F16, BF16, Q8_0, Q4_0, Q4_K and Q6_K can be read; convert the file to one "
                + "of these.");
        File.ReadBlocks(entry.Offset, entry.ElementCount / block.Length, block.Bytes, block.Length, block.Decode, destination);
    }
}
