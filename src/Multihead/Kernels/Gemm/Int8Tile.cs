using System.Numerics;
using System.Runtime.Intrinsics;

namespace Multihead.Kernels.Gemm;

/// <summary>What the assembled microkernel for int8 does, in plain loops, where that is not served. The integers are the same
/// modulo 2^32, and so are the bits.</summary>
internal static unsafe class Int8Tile
{
    private const int Vector = 16, PanelColumns = QuantizedMatrix.PanelColumns;

    /// <summary>Computes a row of tiles, 1..12 rows high.</summary>
    public static void MultiplyRow(ref ProductArguments arguments, int rows)
    {
        for (; arguments.Tiles > 0; arguments.Tiles--)
        {
            Multiply(arguments, rows, arguments.Tiles > 1 ? PanelColumns : BitOperations.PopCount((ulong)arguments.Columns));
            arguments.B = (float*)((byte*)arguments.B + arguments.PanelBytes);
            arguments.C += PanelColumns;
            arguments.Starts += PanelColumns;
            if (arguments.ColumnScales != null) arguments.ColumnScales += PanelColumns;
        }
    }

    private static void Multiply(in ProductArguments arguments, int rows, int columns)
    {
        var sums = stackalloc int[PanelColumns];
        for (var row = 0; row < rows; row++)
        {
            var c = (float*)((byte*)arguments.C + row * arguments.CStrideBytes);
            var start = arguments.Resume != 0 ? (int*)c : arguments.Starts;
            new ReadOnlySpan<int>(start, columns).CopyTo(new Span<int>(sums, columns));
            Sum((byte*)arguments.A + row * arguments.ARowBytes, (int*)arguments.B, arguments.Steps, sums);
            for (var column = 0; column < columns; column++)
            {
                if (arguments.ColumnScales == null)
                {
                    ((int*)c)[column] = sums[column];
                    continue;
                }
                var value = sums[column] * (arguments.RowScales[row] * arguments.ColumnScales[column]);
                c[column] = arguments.Add != 0 ? value + c[column] : value;
            }
        }
    }

    private static void Sum(byte* a, int* b, long steps, int* sums)
    {
        for (var half = 0; half < PanelColumns; half += Vector)
        {
            var sum = Vector512.Load(sums + half);
            for (var step = 0L; step < steps; step++)
            {
                var words = Vector512.Load(b + step * PanelColumns + half);
                var bytes = a + step * QuantizedMatrix.WordElements;
                sum += (words << 24 >> 24) * bytes[0];
                sum += (words << 16 >> 24) * bytes[1];
                sum += (words << 8 >> 24) * bytes[2];
                sum += (words >> 24) * bytes[3];
            }
            sum.Store(sums + half);
        }
    }
}
