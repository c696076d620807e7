using System.Buffers.Binary;
using System.Text;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>Reads just the vocabulary of llama.cpp's test files, which are GGUF without tensors.</summary>
internal sealed class GgufVocabulary
{
    private readonly byte[] _bytes;
    private readonly Dictionary<string, object> _values = [];
    private int _at = 4;

    private GgufVocabulary(string path)
    {
        _bytes = File.ReadAllBytes(path);
        Int32();
        Int64();
        for (var left = Int64(); left > 0; left--)
        {
            var key = Text();
            _values[key] = Value(Int32());
        }
    }

    public static VocabularyArrays Read(string path)
    {
        var file = new GgufVocabulary(path);
        return new VocabularyArrays
        {
            Model = (string)file._values["tokenizer.ggml.model"],
            PreTokenizer = (string?)file.Find("pre"),
            Tokens = file.Array<string>("tokens")!,
            Scores = file.Array<float>("scores"),
            Types = file.Array<int>("token_type"),
            Merges = file.Array<string>("merges"),
            Begin = (int?)file.Find("bos_token_id"),
            End = (int?)file.Find("eos_token_id"),
            Unknown = (int?)file.Find("unknown_token_id"),
            Padding = (int?)file.Find("padding_token_id"),
            AddsBegin = (bool?)file.Find("add_bos_token") ?? false,
            AddsEnd = (bool?)file.Find("add_eos_token") ?? false,
            AddsSpacePrefix = (bool?)file.Find("add_space_prefix") ?? true,
        };
    }

    private object? Find(string name) => _values.GetValueOrDefault("tokenizer.ggml." + name);

    private T[]? Array<T>(string name) => ((object[]?)Find(name))?.Cast<T>().ToArray();

    private object Value(int type) => type switch
    {
        0 or 1 => (int)_bytes[_at++],
        7 => _bytes[_at++] != 0,
        2 or 3 => (int)BinaryPrimitives.ReadInt16LittleEndian(Take(2)),
        4 or 5 => Int32(),
        6 => BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
        8 => Text(),
        9 => Items(),
        _ => Int64(),
    };

    private object[] Items()
    {
        var type = Int32();
        var items = new object[Int64()];
        for (var i = 0; i < items.Length; i++) items[i] = Value(type);
        return items;
    }

    private string Text() => Encoding.UTF8.GetString(Take((int)Int64()));

    private int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    private long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    private ReadOnlySpan<byte> Take(int length) => _bytes.AsSpan((_at += length) - length, length);
}
