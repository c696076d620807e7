namespace Multihead.Models.Formats.Llama2c;

/// <summary>What a llama2.c file says before its weights, https://github.com/karpathy/llama2.c/blob/master/export.py.</summary>
/// <param name="Version">0: seven numbers; 1: 'ak42', the version, seven numbers and a flag in 256 bytes.</param>
/// <param name="ModelDim">The width of the model.</param>
/// <param name="FeedForwardDim">The inner width of the feed-forward sublayer.</param>
/// <param name="LayerCount">Layers.</param>
/// <param name="HeadCount">Query heads.</param>
/// <param name="KeyValueHeadCount">Heads of keys and values.</param>
/// <param name="VocabularySize">Tokens.</param>
/// <param name="MaxLength">The longest sequence in tokens.</param>
/// <param name="SharedClassifier">Whether the embedding serves as output too.</param>
internal sealed record Llama2cHeader(int Version, int ModelDim, int FeedForwardDim, int LayerCount, int HeadCount,
    int KeyValueHeadCount, int VocabularySize, int MaxLength, bool SharedClassifier)
{
    private const uint Magic = 0x616b3432;
    private const int LongHeaderBytes = 256;

    /// <summary>The width of a head.</summary>
    public int HeadDim => ModelDim / HeadCount;

    /// <summary>Where the weights begin, in bytes.</summary>
    public long DataStart => Version == 0 ? 7 * sizeof(int) : LongHeaderBytes;

    /// <exception cref="MultiheadException">Not such a file, or sizes that cannot be.</exception>
    public static Llama2cHeader Read(BinaryFile file)
    {
        var cursor = new BinaryCursor(file);
        var version = 0;
        if (file.Length >= sizeof(uint) && cursor.Next<uint>("the header") == Magic)
        {
            version = cursor.Next<int>("the version");
            if (version != 1)
                throw new MultiheadException($"'{file.FilePath}' is a llama2.c file of version {version}, and only versions 0 and "
                    + "1 (32-bit floats) can be read; export it again as one of these.");
        }
        else cursor = new BinaryCursor(file);
        var numbers = cursor.Array<int>(7, "the header");
        var vocabulary = numbers[5];
        var shared = version == 0 ? vocabulary > 0 : cursor.Next<byte>("the header") != 0;
        if (version == 0 && vocabulary < 0 && vocabulary != int.MinValue) vocabulary = -vocabulary;
        var header = new Llama2cHeader(version, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], vocabulary,
            numbers[6], shared);
        return header.IsPossible() ? header : throw file.Fault("its header of dim, hidden_dim, n_layers, n_heads, n_kv_heads, "
            + $"vocab_size and seq_len, {string.Join(", ", numbers)}, describes no model");
    }

    private bool IsPossible() => ModelDim > 0 && FeedForwardDim > 0 && LayerCount > 0 && HeadCount > 0 && KeyValueHeadCount > 0
        && VocabularySize > 0 && MaxLength > 0 && ModelDim % HeadCount == 0 && HeadDim % 2 == 0
        && HeadCount % KeyValueHeadCount == 0;
}
