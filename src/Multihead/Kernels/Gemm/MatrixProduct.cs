using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>C = A B or C += A B in fp32, over packed panels. An element's bits depend on its row of A, its column of B and,
/// when accumulating, its old value: never on the other rows, the tiling, or the threads.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>C [rows, columns] (+)= A [rows, depth] B [depth, columns], then the epilogue on each finished piece.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="a">Left side; any strides.</param>
    /// <param name="b">Right side; any strides.</param>
    /// <param name="c">Row i begins at c + i * cStride; must not overlap A or B.</param>
    /// <param name="cStride">At least the number of columns.</param>
    /// <param name="accumulate">Whether the chains resume from C.</param>
    /// <param name="epilogue">What to do to finished pieces.</param>
    /// <param name="format">What both sides are rounded to when they are packed, unless they stand in memory as it; sums
    /// are fp32.</param>
    public static void Multiply<TEpilogue>(ThreadTeam team, in Matrix a, in Matrix b, float* c, long cStride, bool accumulate,
        TEpilogue epilogue, ProductFormat format = ProductFormat.Fp32) where TEpilogue : unmanaged, IEpilogue =>
        Multiply(team, a, new RightSide(b, format), c, cStride, accumulate, epilogue);

    /// <summary>The same with B packed before; A is rounded to B's format.</summary>
    public static void Multiply<TEpilogue>(ThreadTeam team, in Matrix a, in PackedMatrix b, float* c, long cStride,
        bool accumulate, TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue =>
        Multiply(team, a, new RightSide(b), c, cStride, accumulate, epilogue);

    /// <summary>The same with B in either form.</summary>
    public static void Multiply<TEpilogue>(ThreadTeam team, in Matrix a, in RightSide b, float* c, long cStride, bool accumulate,
        TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue
    {
        if (a.Rows == 0 || b.Columns == 0) return;
        var job = new TileJob<TEpilogue>
        {
            A = a,
            B = b,
            C = c,
            CStride = cStride,
            Accumulate = accumulate,
            Epilogue = epilogue,
            Shape = PartShape.For(a.Rows, b.Columns, b.Depth, team.ThreadCount),
        };
        team.Run(job, job.PartCount);
    }
}
