namespace Multihead.Models.Formats.CTranslate2;

/// <summary>The table of variables of a CTranslate2 <c>model.bin</c>, whose head and data alternate,
/// https://github.com/OpenNMT/CTranslate2/blob/master/python/ctranslate2/specs/model_spec.py.</summary>
/// <param name="Version">The layout, 1 to 6.</param>
/// <param name="Specification">The kind of model, "TransformerSpec"; empty in version 1.</param>
/// <param name="Revision">Of that kind; 1 in version 1.</param>
/// <param name="Entries">The variables, and behind them their aliases.</param>
internal sealed record CTranslate2Head(uint Version, string Specification, uint Revision,
    IReadOnlyList<TensorEntry<CTranslate2Type>> Entries)
{
    private const uint NewestVersion = 6;

    /// <exception cref="MultiheadException">Another version, or a fault with its place.</exception>
    public static CTranslate2Head Read(BinaryFile file)
    {
        var cursor = new BinaryCursor(file);
        var version = cursor.Next<uint>("the version");
        if (version is 0 or > NewestVersion)
            throw new MultiheadException($"'{file.FilePath}' is a CTranslate2 file of version {version}, and only versions 1 to "
                + $"{NewestVersion} can be read; convert the model again.");
        var (specification, revision) = ("", 1u);
        if (version >= 2) (specification, revision) = (ReadText(cursor, "the specification"), cursor.Next<uint>("the revision"));
        var count = cursor.Next<uint>("the number of variables");
        cursor.DemandItems(count, 8, "the table of variables");
        var entries = new List<TensorEntry<CTranslate2Type>>();
        for (var i = 0u; i < count; i++) entries.Add(ReadVariable(cursor, file, version));
        if (version >= 3) AddAliases(entries, cursor, file);
        return new CTranslate2Head(version, specification, revision, entries);
    }

    private static TensorEntry<CTranslate2Type> ReadVariable(BinaryCursor cursor, BinaryFile file, uint version)
    {
        var name = ReadText(cursor, "a variable's name");
        var what = $"variable {Shown.Name(name)}";
        var shape = Array.ConvertAll(cursor.Array<uint>(cursor.Next<byte>(what), what), size => (long)size);
        var code = cursor.Next<byte>(what);
        long number = cursor.Next<uint>(what);
        var type = version >= 4 ? (CTranslate2Type)code : OfItemSize(code);
        var size = BytesOf(type);
        if (size == 0 || TensorShape.Count(shape) is not { } elements)
            throw file.Fault($"{what} of shape {Shown.Shape(shape)} has the unknown type {code}");
        var bytes = version >= 4 ? number : number * size;
        if (bytes != (Int128)elements * size)
            throw file.Fault($"{what} of {type} {Shown.Shape(shape)} has {bytes} bytes");
        var offset = cursor.Position;
        cursor.Skip(bytes, what);
        return new(name, shape, type, offset, bytes);
    }

    // A scale goes with its weight.
    private static void AddAliases(List<TensorEntry<CTranslate2Type>> entries, BinaryCursor cursor, BinaryFile file)
    {
        var byName = new Dictionary<string, TensorEntry<CTranslate2Type>>();
        foreach (var entry in entries) byName.TryAdd(entry.Name, entry);
        var count = cursor.Next<uint>("the number of aliases");
        cursor.DemandItems(count, 4, "the table of aliases");
        for (var i = 0u; i < count; i++)
        {
            var (alias, name) = (ReadText(cursor, "an alias"), ReadText(cursor, "an alias"));
            if (!byName.TryGetValue(name, out var entry))
                throw file.Fault($"alias {Shown.Name(alias)} is one of {Shown.Name(name)}, which is not there");
            entries.Add(entry with { Name = alias });
            if (byName.TryGetValue(name + CTranslate2File.ScaleSuffix, out var scale))
                entries.Add(scale with { Name = alias + CTranslate2File.ScaleSuffix });
        }
    }

    // 16 bits of length, and text that ends with a 0 as C's does.
    private static string ReadText(BinaryCursor cursor, string what) =>
        cursor.Text(cursor.Next<ushort>(what), what).TrimEnd('\0');

    private static CTranslate2Type OfItemSize(byte size) => size switch
    {
        4 => CTranslate2Type.Float32,
        2 => CTranslate2Type.Int16,
        1 => CTranslate2Type.Int8,
        _ => (CTranslate2Type)byte.MaxValue,
    };

    private static int BytesOf(CTranslate2Type type) => type switch
    {
        CTranslate2Type.Float32 or CTranslate2Type.Int32 => 4,
        CTranslate2Type.Int16 or CTranslate2Type.Float16 or CTranslate2Type.BFloat16 => 2,
        CTranslate2Type.Int8 => 1,
        _ => 0,
    };
}
