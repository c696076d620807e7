using System.Runtime.InteropServices;
using System.Text.Json;

namespace Multihead.Text.Tokenizers;

/// <summary>A value of a JSON file that knows where it stands, so that what is wrong with it can be said by name.</summary>
internal sealed class JsonField
{
    private readonly string _file;
    private readonly byte[] _bytes; // of the whole file
    private readonly JsonField? _parent;
    private readonly string? _name;
    private readonly int _index;
    private readonly JsonElement _value;
    private Dictionary<string, JsonField>? _members;

    /// <summary>The whole document of a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="bytes">Its bytes, of which the document was parsed.</param>
    /// <param name="root">The document's root.</param>
    public JsonField(string file, byte[] bytes, JsonElement root) => (_file, _bytes, _value) = (file, bytes, root);

    private JsonField(JsonField parent, string? name, int index, JsonElement value) =>
        (_file, _bytes, _parent, _name, _index, _value) = (parent._file, parent._bytes, parent, name, index, value);

    /// <summary>What JSON calls the value: object, array, string and so on.</summary>
    public JsonValueKind Kind => _value.ValueKind;

    /// <summary>The exception that says what is wrong: a clause that goes on from the field's name.</summary>
    public MultiheadException Defect(string problem)
    {
        _bytes.AsSpan().Overlaps(JsonMarshal.GetRawUtf8Value(_value), out var start);
        return new($"'{_file}' cannot be used as a tokenizer: {Path()} {problem} (at byte {start}).");
    }

    /// <summary>The member of this object; null where it is missing or null.</summary>
    public JsonField? Optional(string name)
    {
        _members ??= Members();
        return _members.TryGetValue(name, out var field) && field.Kind != JsonValueKind.Null ? field : null;
    }

    /// <summary>The member of this object.</summary>
    public JsonField Required(string name) => Optional(name) ?? throw Defect($"has no '{name}', which must be there");

    /// <summary>The members of this object in any order; a name given twice is an error.</summary>
    public Dictionary<string, JsonField> Members()
    {
        if (Kind != JsonValueKind.Object) throw Unlike("an object");
        var members = new Dictionary<string, JsonField>(_value.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var property in _value.EnumerateObject())
        {
            string name;
            try { name = property.Name; }
            catch (InvalidOperationException) { throw Defect("has a name that is not well-formed Unicode"); }
            if (!members.TryAdd(name, new JsonField(this, name, 0, property.Value)))
                throw Defect($"has {Shown.Name(name)} twice");
        }
        return members;
    }

    /// <summary>The items of this array.</summary>
    public JsonField[] Items()
    {
        if (Kind != JsonValueKind.Array) throw Unlike("an array");
        var items = new JsonField[_value.GetArrayLength()];
        var index = 0;
        foreach (var item in _value.EnumerateArray()) items[index] = new JsonField(this, null, index++, item);
        return items;
    }

    /// <summary>The value of a string.</summary>
    public string Text()
    {
        if (Kind != JsonValueKind.String) throw Unlike("a string");
        try { return _value.GetString()!; }
        catch (InvalidOperationException) { throw Defect("is not well-formed Unicode"); }
    }

    /// <summary>The value of a token id.</summary>
    public int Id() =>
        Kind == JsonValueKind.Number && _value.TryGetInt32(out var id) && id >= 0 ? id : throw Unlike("a whole number from 0 on");

    /// <summary>The value of a finite number of 32 bits.</summary>
    public float Float() => Kind == JsonValueKind.Number && _value.TryGetSingle(out var number) && float.IsFinite(number)
        ? number : throw Unlike("a finite number of 32 bits");

    /// <summary>The member that is true or false; <paramref name="otherwise"/> where it is missing.</summary>
    public bool Flag(string name, bool otherwise) => Optional(name) is not { } flag ? otherwise : flag.Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw flag.Unlike("true or false"),
    };

    /// <summary>Checks a member whose other values mean something that is not done here.</summary>
    public void RefuseUnless(string name, bool expected, bool otherwise)
    {
        if (Flag(name, otherwise) != expected)
            throw Defect($"has '{name}' {(expected ? "false" : "true")}, which is not supported");
    }

    private MultiheadException Unlike(string expected) =>
        Defect($"is {(Kind is JsonValueKind.Object or JsonValueKind.Array ? "an" : "a")} {Kind.ToString().ToLowerInvariant()} "
            + $"of JSON where {expected} was expected");

    private JsonPath Path() => _parent is null ? JsonPath.Root : new JsonPath(_parent.Path(), _name, _index);
}
