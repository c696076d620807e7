using Multihead.Models.Configuration;

namespace Multihead.Models.Formats.Llama2c;

/// <summary>An open file of llama2.c, https://github.com/karpathy/llama2.c: a header and 32-bit floats. Its tensors have Hugging
/// Face's names and order of rows here.</summary>
internal sealed unsafe class Llama2cFile : TensorFile<Llama2cRows>
{
    private readonly Llama2cHeader _header;

    private Llama2cFile(BinaryFile file, Llama2cHeader header, IReadOnlyList<TensorEntry<Llama2cRows>> entries)
        : base(file, entries) => _header = header;

    /// <summary>What the header says. The file has no room for the rest, which llama2.c has fixed.</summary>
    public DecoderOnlyConfig Config => new()
    {
        Architecture = DecoderOnlyArchitecture.Llama,
        VocabularySize = _header.VocabularySize,
        ModelDim = _header.ModelDim,
        LayerCount = _header.LayerCount,
        HeadCount = _header.HeadCount,
        KeyValueHeadCount = _header.KeyValueHeadCount,
        HeadDim = _header.HeadDim,
        FeedForwardDim = _header.FeedForwardDim,
        Positions = new RotaryPositionsConfig(_header.MaxLength),
        NormPlacement = NormPlacement.Pre,
        Norm = new RmsNormConfig(1e-5f),
        Activation = Activation.Silu,
        GatedFeedForward = true,
        QueryKeyValueBias = false,
        AttentionOutputBias = false,
        TieEmbeddings = _header.SharedClassifier,
        BeginOfTextId = 1,
        EndOfTextIds = [2],
    };

    /// <summary>Opens a file and checks that it has the size that its header says.</summary>
    /// <exception cref="MultiheadException">No such file, another version, or a fault.</exception>
    public static Llama2cFile Open(string path)
    {
        var file = BinaryFile.Open(path, "llama2.c");
        try
        {
            var header = Llama2cHeader.Read(file);
            return new Llama2cFile(file, header, Llama2cLayout.Entries(file, header));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void ReadValues(TensorEntry<Llama2cRows> entry, float* destination)
    {
        File.ReadFloats(entry.Offset, entry.ElementCount, destination);
        if (entry.Type == Llama2cRows.RotaryPairs)
            RotaryRows.ToHalves(destination, entry.Shape[0] / _header.HeadDim, _header.HeadDim, _header.ModelDim);
    }
}
