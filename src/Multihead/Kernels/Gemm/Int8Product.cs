using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>C = A B with A quantised on the way and B before. Sums of a group are exact 32-bit integers, so every path gives the
/// same bits: C[i, j] = sum over groups g in ascending order of float(sum of q_A q_B) * (scale_A[g, i] * scale_B[g, j]), each
/// operation rounded.</summary>
internal static unsafe class Int8Product
{
    /// <summary>Bytes of scratch that a product needs.</summary>
    public static long ScratchBytes(int rows, in QuantizedMatrix b) => QuantizedRows.ByteCount(rows, b.Depth, b.Group);

    /// <summary>C [rows, columns] = A [rows, depth] B [depth, columns], then the epilogue on each finished piece.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="a">Left side; any strides.</param>
    /// <param name="b">Right side.</param>
    /// <param name="c">Row i begins at c + i * cStride; must not overlap A, B or the scratch.</param>
    /// <param name="cStride">At least the number of columns.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes.</param>
    /// <param name="epilogue">What to do to finished pieces.</param>
    public static void Multiply<TEpilogue>(ThreadTeam team, in Matrix a, in QuantizedMatrix b, float* c, long cStride,
        byte* scratch, TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue
    {
        if (a.Rows == 0 || b.Columns == 0) return;
        var shape = PartShape.For(a.Rows, b.Columns, b.Depth, team.ThreadCount);
        var job = new Int8Job<TEpilogue>
        {
            A = QuantizedRows.Of(team, a, b.Group, scratch),
            B = b,
            C = c,
            CStride = cStride,
            Epilogue = epilogue,
            RowsOfAPart = shape.Rows,
            ColumnsOfAPart = Panels.Count(shape.Columns, QuantizedMatrix.PanelColumns) * QuantizedMatrix.PanelColumns,
        };
        team.Run(job, job.PartCount);
    }
}
