using System.Runtime.InteropServices;

namespace Multihead.Models.Formats.CTranslate2;

/// <summary>An open CTranslate2 <c>model.bin</c>, https://github.com/OpenNMT/CTranslate2. Quantised variables are read as
/// CTranslate2 makes floats of them; flags and numbers as what they are. May be used from many threads at once.</summary>
internal sealed unsafe class CTranslate2File : TensorFile<CTranslate2Type>
{
    /// <summary>What the name of a weight's scale ends with.</summary>
    public const string ScaleSuffix = "_scale";

    // That of 16-bit weights whose file has none.
    private const float DefaultScale = 1000;

    private readonly CTranslate2Head _head;

    private CTranslate2File(BinaryFile file, CTranslate2Head head) : base(file, head.Entries) => _head = head;

    /// <summary>The layout, 1 to 6.</summary>
    public uint Version => _head.Version;

    /// <summary>The kind of model, as "TransformerSpec"; empty in version 1.</summary>
    public string Specification => _head.Specification;

    /// <summary>The revision of that kind.</summary>
    public uint Revision => _head.Revision;

    /// <summary>Opens a file and checks its whole table.</summary>
    /// <exception cref="MultiheadException">No such file, a newer version, or a fault.</exception>
    public static CTranslate2File Open(string path)
    {
        var file = BinaryFile.Open(path, "CTranslate2");
        try
        {
            return new CTranslate2File(file, CTranslate2Head.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void ReadValues(TensorEntry<CTranslate2Type> entry, float* destination)
    {
        var count = entry.ElementCount;
        switch (entry.Type)
        {
            case CTranslate2Type.Float32: File.ReadFloats(entry.Offset, count, destination); break;
            case CTranslate2Type.Float16:
                File.ReadBlocks(entry.Offset, count, 2, 1, FloatWidening.FromFloat16, destination);
                break;
            case CTranslate2Type.BFloat16:
                File.ReadBlocks(entry.Offset, count, 2, 1, FloatWidening.FromBFloat16, destination);
                break;
            case CTranslate2Type.Int32: File.ReadBlocks(entry.Offset, count, 4, 1, FromNumbers<int>, destination); break;
            case CTranslate2Type.Int16: File.ReadBlocks(entry.Offset, count, 2, 1, FromNumbers<short>, destination); break;
            default: File.ReadBlocks(entry.Offset, count, 1, 1, FromNumbers<sbyte>, destination); break;
        }
        if (entry.Type is CTranslate2Type.Int8 or CTranslate2Type.Int16) Rescale(entry, destination);
    }

    // One scale for each row, or one for all; what has none and is no weight is a flag or a number.
    private void Rescale(TensorEntry<CTranslate2Type> entry, float* destination)
    {
        var scales = ScalesOf(entry);
        if (scales.Length == 0 || entry.ElementCount == 0) return;
        if (entry.ElementCount % scales.Length != 0)
            throw File.Fault($"variable {Shown.Name(entry.Name)} of shape {Shown.Shape(entry.Shape)} has {scales.Length} scales");
        var columns = entry.ElementCount / scales.Length;
        for (var row = 0L; row < scales.Length; row++)
        {
            var factor = 1 / scales[row];
            for (var i = row * columns; i < (row + 1) * columns; i++) destination[i] *= factor;
        }
    }

    private float[] ScalesOf(TensorEntry<CTranslate2Type> entry)
    {
        if (Contains(entry.Name + ScaleSuffix) && Find(entry.Name + ScaleSuffix) is { Type: CTranslate2Type.Float32 } scale)
        {
            var scales = new float[scale.ElementCount];
            Read(scale.Name, scales);
            return scales;
        }
        var isWeight = Version == 1 || entry.Name.EndsWith("weight", StringComparison.Ordinal);
        if (!isWeight) return [];
        return entry.Type == CTranslate2Type.Int16 ? [DefaultScale]
            : throw File.Fault($"variable {Shown.Name(entry.Name)} has no scales of 32-bit floats beside it");
    }

    private static void FromNumbers<T>(ReadOnlySpan<byte> source, Span<float> destination)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(source);
        for (var i = 0; i < numbers.Length; i++) destination[i] = float.CreateTruncating(numbers[i]);
    }
}
