using System.Runtime.InteropServices;

namespace Multihead.Tests.Tensors.Onnx;

/// <summary>A tensor of a fixture: TensorProto with raw data, of the few element types that are met here.</summary>
internal sealed class OnnxTensor
{
    private const int MostElements = 1 << 20;

    private OnnxTensor(int[] shape, double[] values) => (Shape, Values) = (shape, values);

    public int[] Shape { get; }

    /// <summary>The elements, whatever their type.</summary>
    public double[] Values { get; }

    public int Count => Values.Length;

    public float[] Floats => [.. Values.Select(x => (float)x)];

    public int[] Ints => [.. Values.Select(x => (int)x)];

    /// <summary>The product of some dimensions.</summary>
    public int Size(Range dimensions) => Shape[dimensions].Aggregate(1, (a, b) => a * b);

    /// <summary>Elements with one axis moved to the end, so that it is the columns of a matrix: [all others, axis].</summary>
    /// <param name="axis">May be counted from the end, as -1.</param>
    public double[] WithAxisLast(int axis)
    {
        if (axis < 0) axis += Shape.Length;
        var (outer, width, inner) = (Size(..axis), Shape[axis], Size((axis + 1)..));
        var moved = new double[Count];
        for (var o = 0; o < outer; o++)
            for (var k = 0; k < width; k++)
                for (var i = 0; i < inner; i++)
                    moved[(o * inner + i) * width + k] = Values[(o * width + k) * inner + i];
        return moved;
    }

    public static OnnxTensor Read(ReadOnlySpan<byte> proto)
    {
        var type = 0L;
        var raw = ReadOnlySpan<byte>.Empty;
        List<int> shape = [];
        for (var reader = new ProtobufReader(proto); reader.Next();)
        {
            if (reader.Field == 1) shape.AddRange(reader.Numbers().Select(n => checked((int)n)));
            else if (reader.Field == 2) type = reader.Number;
            else if (reader.Field == 9) raw = reader.Bytes;
        }
        double[] values = type switch
        {
            1 => [.. MemoryMarshal.Cast<byte, float>(raw).ToArray().Select(x => (double)x)],
            7 => [.. MemoryMarshal.Cast<byte, long>(raw).ToArray().Select(x => (double)x)],
            9 => [.. raw.ToArray().Select(x => (double)x)],
            11 => MemoryMarshal.Cast<byte, double>(raw).ToArray(),
            _ => throw new InvalidDataException($"element type {type}"),
        };
        var count = shape.Aggregate(1L, (a, b) => checked(a * b));
        if (count != values.Length || count > MostElements || shape.Any(d => d < 0))
            throw new InvalidDataException($"shape [{string.Join(", ", shape)}] with {values.Length} elements");
        return new OnnxTensor([.. shape], values);
    }
}
