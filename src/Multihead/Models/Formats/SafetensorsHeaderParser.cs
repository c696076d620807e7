using System.Text.Json;

namespace Multihead.Models.Formats;

/// <summary>Reads the JSON of a safetensors header token by token, so that each fault can be told with its place. Checks every
/// entry on its own; that they fit together is <see cref="SafetensorsHeader"/>'s business.</summary>
internal ref struct SafetensorsHeaderParser
{
    private const int PrefixBytes = SafetensorsHeader.PrefixBytes;
    private readonly ReadOnlySpan<byte> _json;
    private readonly string _path;
    private Utf8JsonReader _reader;

    public SafetensorsHeaderParser(ReadOnlySpan<byte> json, string path)
    {
        _json = json;
        _path = path;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
    }

    /// <summary>The strings of <c>__metadata__</c>.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The tensors in the order of the header.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>Reads the whole header.</summary>
    public void Run()
    {
        if (_json.IsEmpty || _json[0] != (byte)'{')
            throw SafetensorsHeader.Fault(_path, $"the header at byte {PrefixBytes} does not begin with '{{'");
        try
        {
            ReadTensors();
        }
        catch (JsonException e)
        {
            var offset = PrefixBytes + _reader.BytesConsumed;
            throw SafetensorsHeader.Fault(_path, $"the header is not valid JSON at byte {offset}", e);
        }
    }

    private void ReadTensors()
    {
        var names = new HashSet<string>();
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text("the header's key");
            if (!names.Add(name)) throw Fault($"{Shown.Name(name)} stands there a second time");
            _reader.Read();
            if (name == "__metadata__") ReadMetadata();
            else Entries.Add(ReadTensor(name));
        }
        if (_reader.Read()) throw Fault("something follows the header's end");
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, "'__metadata__'", "an object of strings");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text("a key of '__metadata__'");
            _reader.Read();
            Expect(JsonTokenType.String, $"'__metadata__', field {Shown.Name(key)},", "a string");
            var value = Text($"'__metadata__', field {Shown.Name(key)},");
            if (!Metadata.TryAdd(key, value)) throw Fault($"'__metadata__' has the field {Shown.Name(key)} twice");
        }
    }

    private SafetensorsEntry ReadTensor(string name)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        var place = $"tensor {Shown.Name(name)}";
        Expect(JsonTokenType.StartObject, place, "an object");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Text($"a key of {place}");
            if (field == "dtype" && type is not null || field == "shape" && shape is not null
                || field == "data_offsets" && offsets is not null)
                throw Fault($"{place} has the field '{field}' twice");
            _reader.Read();
            switch (field)
            {
                case "dtype": type = ReadType(place); break;
                case "shape": shape = ReadNumbers($"{place}, field 'shape',"); break;
                case "data_offsets": offsets = ReadNumbers($"{place}, field 'data_offsets',"); break;
                default: throw Fault($"{place} has the unknown field {Shown.Name(field)}");
            }
        }
        if (type is null) throw Fault($"{place} has no field 'dtype'");
        if (shape is null) throw Fault($"{place} has no field 'shape'");
        if (offsets is null) throw Fault($"{place} has no field 'data_offsets'");
        return Entry(name, place, type, shape, offsets);
    }

    private readonly SafetensorsEntry Entry(string name, string place, string type, long[] shape, long[] offsets)
    {
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw Fault($"{place}, field 'data_offsets', is not a beginning and an end");
        var bits = (long)SafetensorsType.BitsOf(type);
        foreach (var size in shape)
        {
            if (size != 0 && bits > long.MaxValue / size)
                throw Fault($"{place}, field 'shape', {Shown.Shape(shape)} is larger than any file");
            bits *= size;
        }
        var length = offsets[1] - offsets[0];
        if (bits % 8 != 0 || bits / 8 != length)
            throw Fault($"{place} of {type} {Shown.Shape(shape)} needs {bits / 8} bytes but its 'data_offsets' span {length}");
        // Both are at most 2^63 - 1; the sum is kept in range for the check against the file's length.
        var dataStart = PrefixBytes + _json.Length;
        if (offsets[1] > long.MaxValue - dataStart)
            throw Fault($"{place}, field 'data_offsets', ends at byte {offsets[1]} of the data, beyond any file");
        return new SafetensorsEntry(name, type, shape, dataStart + offsets[0], length);
    }

    private readonly string ReadType(string place)
    {
        Expect(JsonTokenType.String, $"{place}, field 'dtype',", "a string");
        var type = Text($"{place}, field 'dtype',");
        return SafetensorsType.BitsOf(type) != 0 ? type
            : throw Fault($"{place}, field 'dtype', names no element type of the format: {Shown.Name(type)} (nearest is "
                + $"{NearestName.Of(type, SafetensorsType.Names)})");
    }

    private long[] ReadNumbers(string place)
    {
        Expect(JsonTokenType.StartArray, place, "an array of numbers");
        var numbers = new List<long>(4);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var number) || number < 0)
                throw Fault($"{place} holds something else than whole numbers from 0 to 2^63 - 1");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private readonly void Expect(JsonTokenType type, string place, string expected)
    {
        if (_reader.TokenType != type) throw Fault($"{place} is not {expected}");
    }

    private readonly string Text(string place) =>
        JsonText.TryGet(in _reader, out var text) ? text : throw Fault($"{place} is not valid UTF-8");

    private readonly MultiheadException Fault(string what) =>
        SafetensorsHeader.Fault(_path, $"{what}, at byte {PrefixBytes + _reader.TokenStartIndex}");
}
