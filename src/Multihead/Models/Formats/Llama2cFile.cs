using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Multihead.Models.Configuration;

namespace Multihead.Models.Formats;

/// <summary>An open checkpoint of llama2.c, https://github.com/karpathy/llama2.c, in its first form: seven whole numbers, then the
/// floats of a Llama in a fixed order. Tensors are read under Hugging Face's names. Differs: llama2.c turns neighbours (2 i, 2 i + 1)
/// of queries and keys where Hugging Face turns halves (i, i + headDim / 2), so their rows are put into that order.</summary>
internal sealed unsafe class Llama2cFile : IDisposable
{
    private const int HeaderBytes = 7 * sizeof(int);
    private const string Embedding = "model.embed_tokens.weight";

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Dictionary<string, Entry> _entries = [];
    private long _end = HeaderBytes; // of what is laid out so far

    private Llama2cFile(string path, FileStream file, DecoderOnlyConfig config)
    {
        (_path, _file, Config) = (path, file, config);
        LayOut(config);
    }

    /// <summary>The model that the header says.</summary>
    public DecoderOnlyConfig Config { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Opens a file and checks its header and length.</summary>
    /// <exception cref="MultiheadException">It is missing, or not of that form.</exception>
    public static Llama2cFile Open(string path)
    {
        var stream = InputFile.Open(path);
        try
        {
            var length = stream.Length;
            Span<byte> header = stackalloc byte[HeaderBytes];
            if (length < HeaderBytes || RandomAccess.Read(stream.SafeFileHandle, header, 0) < HeaderBytes)
                throw Fault(path, $"it has {length} bytes, fewer than the {HeaderBytes} of the header");
            var file = new Llama2cFile(path, stream, ConfigOf(header, path));
            return file._end == length ? file : throw Fault(path, $"its header asks for {file._end} bytes, and it has {length}");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor after checking its shape.</summary>
    /// <exception cref="MultiheadException">No such tensor, another shape, or the file cannot be read.</exception>
    public void Read(string name, ReadOnlySpan<long> expectedShape, float* destination)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new MultiheadException($"'{_path}' has no tensor {Shown.Name(name)} (the nearest is "
                + $"'{NearestName.Of(name, _entries.Keys)}'); give a file of the model that is meant.");
        if (!expectedShape.SequenceEqual(entry.Shape))
            throw new MultiheadException($"'{_path}' has tensor '{name}' of shape {Shown.Shape(entry.Shape)}, and the model wants "
                + $"{Shown.Shape(expectedShape)}; give a file of the model that is meant.");
        var bytes = new UnmanagedBytes((byte*)destination, entry.Count * sizeof(float));
        bytes.Fill(_file.SafeFileHandle, entry.Offset, _path);
        if (entry.HeadDim > 0) HalvesFirst(destination, (int)entry.Shape[0], (int)entry.Shape[1], entry.HeadDim);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static DecoderOnlyConfig ConfigOf(ReadOnlySpan<byte> header, string path)
    {
        var numbers = new int[7];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(header[(i * sizeof(int))..]);
        var (dim, hidden, layers, heads) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        var vocabulary = numbers[5] == int.MinValue ? 0 : Math.Abs(numbers[5]);
        var config = new DecoderOnlyConfig
        {
            Architecture = DecoderOnlyArchitecture.Llama,
            VocabularySize = vocabulary,
            ModelDim = dim,
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = numbers[4],
            HeadDim = heads > 0 ? dim / heads : 0,
            FeedForwardDim = hidden,
            Positions = new RotaryPositionsConfig(numbers[6]),
            NormPlacement = NormPlacement.Pre,
            Norm = new RmsNormConfig(1e-5f),
            Activation = Activation.Silu,
            GatedFeedForward = true,
            QueryKeyValueBias = false,
            AttentionOutputBias = false,
            TieEmbeddings = numbers[5] > 0, // a negative size says that the output has a table of its own
            BeginOfTextId = 1,
            EndOfTextIds = [2],
        };
        if (DecoderOnlyConfigFaults.First(config) is { } fault) throw Fault(path, $"its header says a model in which {fault.TrimEnd('.')}");
        return config.HeadDim * heads == dim ? config : throw Fault(path, $"its header says {heads} heads of a width of {dim}, which they do not "
            + "divide");
    }

    // One kind of tensor of all layers after the other.
    private void LayOut(DecoderOnlyConfig config)
    {
        long dim = config.ModelDim, keys = config.KeyValueHeadCount * config.HeadDim, hidden = config.FeedForwardDim;
        Add(Embedding, [config.VocabularySize, dim]);
        OfLayers("input_layernorm", [dim]);
        OfLayers("self_attn.q_proj", [dim, dim], config.HeadDim);
        OfLayers("self_attn.k_proj", [keys, dim], config.HeadDim);
        OfLayers("self_attn.v_proj", [keys, dim]);
        OfLayers("self_attn.o_proj", [dim, dim]);
        OfLayers("post_attention_layernorm", [dim]);
        OfLayers("mlp.gate_proj", [hidden, dim]);
        OfLayers("mlp.down_proj", [dim, hidden]);
        OfLayers("mlp.up_proj", [hidden, dim]);
        Add("model.norm.weight", [dim]);
        _end += (long)config.Positions.MaxLength * config.HeadDim * sizeof(float); // cosines and sines, which nobody needs
        if (!config.TieEmbeddings) Add("lm_head.weight", [config.VocabularySize, dim]);

        void OfLayers(string name, long[] shape, int headDim = 0)
        {
            for (var i = 0; i < config.LayerCount; i++) Add($"model.layers.{i}.{name}.weight", shape, headDim);
        }
    }

    private void Add(string name, long[] shape, int headDim = 0)
    {
        var entry = new Entry(shape, _end, headDim);
        _entries.Add(name, entry);
        _end += entry.Count * sizeof(float);
    }

    // Rows of each head: 0, 2, 4, .. then 1, 3, 5, ..
    private static void HalvesFirst(float* rows, int count, int columns, int headDim)
    {
        var head = (float*)NativeMemory.Alloc((nuint)headDim * (nuint)columns, sizeof(float));
        var bytes = (long)columns * sizeof(float);
        for (var first = 0; first < count; first += headDim)
        {
            Buffer.MemoryCopy(rows + (long)first * columns, head, headDim * bytes, headDim * bytes);
            for (var i = 0; i < headDim; i++)
                Buffer.MemoryCopy(head + (long)i * columns, rows + (long)(first + i / 2 + i % 2 * (headDim / 2)) * columns, bytes, bytes);
        }
        NativeMemory.Free(head);
    }

    private static MultiheadException Fault(string path, string what) =>
        new($"'{path}' is not a llama2.c checkpoint of the first form: {what}; fetch or save it again.");

    private readonly record struct Entry(long[] Shape, long Offset, int HeadDim)
    {
        public long Count => Shape.Aggregate(1L, (product, size) => product * size);
    }
}
