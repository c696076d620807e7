using System.Diagnostics;

namespace Multihead.Kernels.Gemm;

/// <summary>A matrix somewhere in memory, of floats or of bf16 as their 16 bits: element (i, j) stands
/// i * <see cref="RowStride"/> + j * <see cref="ColumnStride"/> elements after the first. A transpose is the same memory with the
/// strides exchanged.</summary>
internal readonly unsafe struct Matrix
{
    private readonly void* _first;

    /// <summary>What stands in memory: fp32 or bf16.</summary>
    public readonly ProductFormat Format;

    public readonly int Rows;
    public readonly int Columns;
    public readonly long RowStride;
    public readonly long ColumnStride;

    /// <summary>[rows, columns], row after row without gaps.</summary>
    public Matrix(float* data, int rows, int columns) : this(data, rows, columns, columns, 1) { }

    public Matrix(float* data, int rows, int columns, long rowStride, long columnStride)
        : this(data, ProductFormat.Fp32, rows, columns, rowStride, columnStride) { }

    /// <summary>[rows, columns] of bf16, row after row without gaps. For products in bf16 alone.</summary>
    public Matrix(ushort* halves, int rows, int columns) : this(halves, rows, columns, columns, 1) { }

    public Matrix(ushort* halves, int rows, int columns, long rowStride, long columnStride)
        : this(halves, ProductFormat.Bf16, rows, columns, rowStride, columnStride) { }

    private Matrix(void* first, ProductFormat format, int rows, int columns, long rowStride, long columnStride)
    {
        _first = first;
        Format = format;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>The first element of a matrix of floats.</summary>
    public float* Data
    {
        get
        {
            Debug.Assert(Format == ProductFormat.Fp32);
            return (float*)_first;
        }
    }

    /// <summary>The first element of a matrix of bf16.</summary>
    public ushort* Halves
    {
        get
        {
            Debug.Assert(Format == ProductFormat.Bf16);
            return (ushort*)_first;
        }
    }

    /// <summary>The first element of either.</summary>
    public byte* Bytes => (byte*)_first;

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes => Format == ProductFormat.Fp32 ? sizeof(float) : sizeof(ushort);

    public Matrix Transposed => new(_first, Format, Columns, Rows, ColumnStride, RowStride);

    /// <summary>The same shape, <paramref name="elements"/> further on in memory.</summary>
    public Matrix MovedBy(long elements) =>
        new(Bytes + elements * ElementBytes, Format, Rows, Columns, RowStride, ColumnStride);

    /// <summary>[rows, columns] from element (<paramref name="row"/>, <paramref name="column"/>) on.</summary>
    public Matrix Part(int row, int rows, int column, int columns) =>
        new(Bytes + (row * RowStride + column * ColumnStride) * ElementBytes, Format, rows, columns, RowStride, ColumnStride);
}
