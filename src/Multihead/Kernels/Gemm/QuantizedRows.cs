using System.Runtime.Intrinsics;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>The left-hand side of an <see cref="Int8Product"/>, quantised when it is needed: unsigned bytes q + 128 in rows of
/// words, with a scale for each row, or for each row and group of the depth.</summary>
internal readonly unsafe struct QuantizedRows
{
    private const int Line = 16; // words; rows that begin a power of two apart would meet in the same sets of a cache

    public readonly uint* Words; // the words of row i begin at Words + i * Stride
    public readonly long Stride;
    public readonly float* Scales; // [groups, rows]
    public readonly int Rows;

    private QuantizedRows(byte* memory, int rows, int depth)
    {
        Rows = rows;
        Stride = (ProductFormat.Int8.Words(depth) + Line - 1) / Line * Line + Line;
        Words = (uint*)memory;
        Scales = (float*)(Words + rows * Stride);
    }

    /// <summary>Bytes of memory for [rows, depth].</summary>
    public static long ByteCount(int rows, int depth, int group) =>
        sizeof(uint) * rows * (new QuantizedRows(null, rows, depth).Stride + QuantizedMatrix.GroupCount(depth, group));

    /// <summary>Quantises <paramref name="a"/> ([rows, depth], any strides) into <see cref="ByteCount"/> bytes.</summary>
    public static QuantizedRows Of(ThreadTeam team, in Matrix a, int group, byte* memory)
    {
        const int rowsOfAPart = 12;
        var rows = new QuantizedRows(memory, a.Rows, a.Columns);
        team.Run(new QuantizeJob { Source = a, Packed = rows, Group = group, RowsOfAPart = rowsOfAPart },
            (a.Rows + rowsOfAPart - 1) / rowsOfAPart);
        return rows;
    }

    private struct QuantizeJob : IParallelJob
    {
        public Matrix Source;
        public QuantizedRows Packed;
        public int Group, RowsOfAPart;

        public readonly void Run(int part)
        {
            var last = Math.Min(Source.Rows, (part + 1) * RowsOfAPart);
            var groups = QuantizedMatrix.GroupCount(Source.Columns, Group);
            for (var row = part * RowsOfAPart; row < last; row++)
                for (var group = 0; group < groups; group++)
                {
                    var first = group * Group;
                    var count = (int)Math.Min(Source.Columns - first, (long)Group);
                    var source = Source.Data + row * Source.RowStride + first * Source.ColumnStride;
                    var to = (byte*)(Packed.Words + row * Packed.Stride) + first;
                    var scale = Int8Scale.For(Largest(source, Source.ColumnStride, count));
                    Packed.Scales[(long)group * Source.Rows + row] = scale.Factor;
                    Quantize(source, Source.ColumnStride, count, scale, to);
                }
        }
    }

    private static float Largest(float* source, long stride, int count)
    {
        var most = Vector512<float>.Zero;
        var i = 0;
        if (stride == 1)
            for (; i + 16 <= count; i += 16) most = Vector512.Max(most, Vector512.Abs(Vector512.Load(source + i)));
        var largest = 0f;
        for (var lane = 0; lane < 16; lane++) largest = MathF.Max(largest, most[lane]);
        for (; i < count; i++) largest = MathF.Max(largest, MathF.Abs(source[i * stride]));
        return largest;
    }

    // Elements that fill the last word are written too: they meet zeros.
    private static void Quantize(float* source, long stride, int count, Int8Scale scale, byte* to)
    {
        var i = 0;
        if (stride == 1)
            for (; i + 64 <= count; i += 64)
            {
                var first = Vector512.Narrow(Shifted(source + i, scale.Inverse), Shifted(source + i + 16, scale.Inverse));
                var second = Vector512.Narrow(Shifted(source + i + 32, scale.Inverse), Shifted(source + i + 48, scale.Inverse));
                Vector512.Narrow(first, second).Store(to + i);
            }
        for (; i < count; i++) to[i] = (byte)(scale.Quantize(source[i * stride]) + 128);
        for (; i % QuantizedMatrix.WordElements != 0; i++) to[i] = 128;
    }

    private static Vector512<uint> Shifted(float* source, float inverse)
    {
        var scaled = Vector512.Round(Vector512.Load(source) * Vector512.Create(inverse));
        var clamped = Vector512.Min(Vector512.Max(scaled, Vector512.Create(-127f)), Vector512.Create(127f));
        return (Vector512.ConvertToInt32(clamped) + Vector512.Create(128)).AsUInt32();
    }
}
