namespace Multihead.Kernels.Gemm;

/// <summary>A matrix somewhere in memory: element (i, j) is <c>Data[i * RowStride + j * ColumnStride]</c>. A transpose is the
/// same memory with the strides exchanged.</summary>
internal readonly unsafe struct Matrix(float* data, int rows, int columns, long rowStride, long columnStride)
{
    /// <summary>[rows, columns], row after row without gaps.</summary>
    public Matrix(float* data, int rows, int columns) : this(data, rows, columns, columns, 1) { }

    public readonly float* Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly long RowStride = rowStride;
    public readonly long ColumnStride = columnStride;

    public Matrix Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);

    /// <summary>The same shape, <paramref name="floats"/> further on in memory.</summary>
    public Matrix MovedBy(long floats) => new(Data + floats, Rows, Columns, RowStride, ColumnStride);
}
