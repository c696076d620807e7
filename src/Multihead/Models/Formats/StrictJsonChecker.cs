using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Multihead.Models.Formats;

/// <summary>Walks a JSON text beside the metadata of the type it shall become, and stops at the first difference.</summary>
internal ref struct StrictJsonChecker
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _source;
    private readonly JsonSerializerOptions _options;
    private readonly UnknownKeys _unknownKeys;
    private Utf8JsonReader _reader;

    public StrictJsonChecker(ReadOnlySpan<byte> utf8, string source, JsonSerializerOptions options, UnknownKeys unknownKeys)
    {
        (_source, _options, _unknownKeys) = (source, options, unknownKeys);
        _utf8 = utf8;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            CommentHandling = options.ReadCommentHandling,
            AllowTrailingCommas = options.AllowTrailingCommas,
        });
    }

    /// <summary>Checks the whole text.</summary>
    /// <exception cref="MultiheadException">The first difference, with its place.</exception>
    public void Run(JsonTypeInfo type)
    {
        try
        {
            _reader.Read();
            CheckValue(type, "", nullable: false);
            // Whatever follows the value makes the reader throw here.
            _reader.Read();
        }
        catch (JsonException e)
        {
            throw new MultiheadException($"'{_source}' is not valid JSON at line {e.LineNumber + 1}, byte "
                + $"{e.BytePositionInLine + 1} of the line; correct it there.", e);
        }
    }

    // The reader stands on the value's first token, and afterwards on its last.
    private void CheckValue(JsonTypeInfo type, string path, bool nullable)
    {
        if (_reader.TokenType == JsonTokenType.Null && nullable) return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object: CheckObject(type, path); break;
            case JsonTypeInfoKind.Dictionary: CheckDictionary(type, path); break;
            case JsonTypeInfoKind.Enumerable: CheckArray(type, path); break;
            case JsonTypeInfoKind.None when (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement):
                _reader.Skip(); // of more than one form: who asks for it checks it
                break;
            default: CheckScalar(Nullable.GetUnderlyingType(type.Type) ?? type.Type, path); break;
        }
    }

    private void CheckObject(JsonTypeInfo type, string path)
    {
        Expect(JsonTokenType.StartObject, path, "an object");
        var discriminator = type.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        if (discriminator is not null) type = DerivedType(type, path);
        var known = type.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null)
            .ToDictionary(property => property.Name);
        var seen = new HashSet<string>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Key(path, seen);
            if (known.TryGetValue(key, out var property))
            {
                _reader.Read();
                CheckValue(_options.GetTypeInfo(property.PropertyType), Join(path, key), IsNullable(property));
            }
            else if (key == discriminator || _unknownKeys == UnknownKeys.Ignored) _reader.Skip();
            else
            {
                var nearest = NearestName.Of(key, discriminator is null ? known.Keys : [discriminator, .. known.Keys]);
                var hint = nearest is null ? "" : $" (the nearest known key is '{nearest}')";
                throw Fault(Join(path, key), $"is unknown{hint}");
            }
        }
        foreach (var property in known.Values)
            if ((property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false })
                && !seen.Contains(property.Name))
                throw Fault(Join(path, property.Name), "is missing");
    }

    private void CheckDictionary(JsonTypeInfo type, string path)
    {
        Expect(JsonTokenType.StartObject, path, "an object");
        var seen = new HashSet<string>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Key(path, seen);
            _reader.Read();
            CheckValue(_options.GetTypeInfo(type.ElementType!), Join(path, key), nullable: false);
        }
    }

    private void CheckArray(JsonTypeInfo type, string path)
    {
        Expect(JsonTokenType.StartArray, path, "an array");
        for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
            CheckValue(_options.GetTypeInfo(type.ElementType!), $"{path}[{i}]", nullable: false);
    }

    private readonly void CheckScalar(Type type, string path)
    {
        if (type == typeof(string))
        {
            Expect(JsonTokenType.String, path, "a string");
            _ = Text(path);
        }
        else if (type == typeof(bool))
        {
            if (_reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) throw Unexpected(path, "true or false");
        }
        else if (type.IsEnum) CheckEnum(type, path);
        else CheckNumber(type, path);
    }

    private readonly void CheckNumber(Type type, string path)
    {
        var whole = type == typeof(int) || type == typeof(long) || type == typeof(ulong);
        if (!whole && type != typeof(float) && type != typeof(double))
            throw new NotSupportedException($"{nameof(StrictJson)} does not know the type {type}");
        Expect(JsonTokenType.Number, path, whole ? "a whole number" : "a number");
        var fits = type == typeof(int) ? _reader.TryGetInt32(out _)
            : type == typeof(long) ? _reader.TryGetInt64(out _)
            : type == typeof(ulong) ? _reader.TryGetUInt64(out _)
            : type == typeof(float) ? _reader.TryGetSingle(out var single) && float.IsFinite(single)
            : _reader.TryGetDouble(out var number) && double.IsFinite(number);
        if (!fits) throw Unexpected(path, whole ? "a whole number within range" : "a number within range");
    }

    private readonly void CheckEnum(Type type, string path)
    {
        var names = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToArray();
        var expected = $"one of {string.Join(", ", names.Select(name => $"\"{name}\""))}";
        Expect(JsonTokenType.String, path, expected);
        var given = Text(path);
        if (!names.Contains(given))
            throw Fault(path, $"is {Shown.Name(given)} and not {expected} (the nearest is '{NearestName.Of(given, names)}')");
    }

    // Looks ahead with a copy of the reader: the discriminator may stand behind what it decides.
    private readonly JsonTypeInfo DerivedType(JsonTypeInfo type, string path)
    {
        var key = type.PolymorphismOptions!.TypeDiscriminatorPropertyName;
        var derived = type.PolymorphismOptions.DerivedTypes;
        var ahead = this;
        while (ahead._reader.Read() && ahead._reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = ahead.Text(path) == key;
            ahead._reader.Read();
            if (!found)
            {
                ahead._reader.Skip();
                continue;
            }
            var place = Join(path, key);
            ahead.Expect(JsonTokenType.String, place, "a string");
            var given = ahead.Text(place);
            foreach (var candidate in derived)
                if (given == (string?)candidate.TypeDiscriminator) return _options.GetTypeInfo(candidate.DerivedType);
            var nearest = NearestName.Of(given, derived.Select(candidate => (string)candidate.TypeDiscriminator!));
            throw ahead.Fault(place, $"is {Shown.Name(given)}, which is unknown (the nearest known is '{nearest}')");
        }
        throw Fault(Join(path, key), "is missing");
    }

    private readonly string Key(string path, HashSet<string> seen)
    {
        var key = Text(path);
        return seen.Add(key) ? key : throw Fault(Join(path, key), "is there twice");
    }

    private readonly void Expect(JsonTokenType type, string path, string expected)
    {
        if (_reader.TokenType != type) throw Unexpected(path, expected);
    }

    private readonly string Text(string path) =>
        JsonText.TryGet(in _reader, out var text) ? text : throw Fault(path, "holds text that is not valid UTF-8");

    private readonly MultiheadException Unexpected(string path, string expected) => Fault(path, $"is {Given()}, not {expected}");

    private readonly string Given() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.String => "a string",
        _ => $"the number {System.Text.Encoding.ASCII.GetString(_reader.ValueSpan[..Math.Min(_reader.ValueSpan.Length, 40)])}",
    };

    private readonly MultiheadException Fault(string path, string what)
    {
        var offset = (int)_reader.TokenStartIndex;
        var line = _utf8[..offset].Count((byte)'\n') + 1;
        var inLine = offset - (_utf8[..offset].LastIndexOf((byte)'\n') + 1) + 1;
        var place = path.Length == 0 ? "the whole" : Shown.Name(path);
        return new MultiheadException(
            $"'{_source}': {place} {what}, at line {line}, byte {inLine} of the line; correct it there.");
    }

    private static bool IsNullable(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
