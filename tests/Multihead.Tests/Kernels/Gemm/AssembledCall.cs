using Multihead.Kernels.Gemm;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>Calls one assembled microkernel with everything said.</summary>
internal static unsafe class AssembledCall
{
    /// <summary>C [rows, columns] (+)= A panel x B panel; rows 1..12, columns 1..32, at least one step.</summary>
    public static void Multiply(ProductFormat format, int rows, int columns, float* a, float* b, int steps, float* c,
        long cStride, bool resume) =>
        Multiply(format, rows, columns, a, 1, Tile.WidestRows, b, steps, c, cStride, resume);

    /// <summary>The same where the word of a row and a step of A stands at a[row * aRow + step * aStep].</summary>
    public static void Multiply(ProductFormat format, int rows, int columns, float* a, long aRow, long aStep, float* b, int steps,
        float* c, long cStride, bool resume)
    {
        var none = default(NoEpilogue);
        Multiply(format, rows, columns, a, aRow, aStep, b, steps, c, cStride, resume, &none, 0, 0);
    }

    /// <summary>The same, ending with an epilogue.</summary>
    public static void Multiply<TEpilogue>(ProductFormat format, int rows, int columns, float* a, long aRow, long aStep, float* b,
        int steps, float* c, long cStride, bool resume, TEpilogue* epilogue, int firstRow, int firstColumn)
        where TEpilogue : unmanaged, IEpilogue
    {
        var arguments = new ProductArguments
        {
            A = a,
            ARowBytes = aRow * sizeof(float),
            AStepBytes = aStep * sizeof(float),
            B = b,
            C = c,
            Steps = steps,
            CStrideBytes = cStride * sizeof(float),
            Resume = resume ? 1 : 0,
            Tiles = 1,
            Columns = (1L << columns) - 1,
            LastNext = c,
            Ahead = Prefetcher.Idle(c),
            Epilogue = epilogue,
            FirstRow = firstRow,
            FirstColumn = firstColumn,
        };
        AssembledProduct.Run(AssembledProduct.Function<TEpilogue>(format, rows), &arguments);
    }
}
