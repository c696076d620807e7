using System.Runtime.InteropServices;
using Multihead.Benchmarks.Harness;

namespace Multihead.Benchmarks.Gemm;

/// <summary>The product by OpenBLAS's <c>cblas_sgemm</c>.</summary>
internal sealed unsafe partial class OpenBlasGemm(GemmCase shape, Exchange inputs) : IWork
{
    private const int RowMajor = 101;
    private const int AsItIs = 111;

    private readonly FloatMemory _a = new(inputs, "a", (long)shape.Rows * shape.Depth);
    private readonly FloatMemory _b = new(inputs, "b", (long)shape.Depth * shape.Columns);
    private readonly FloatMemory _c = new((long)shape.Rows * shape.Columns);

    public void Step()
    {
        try
        {
            Multiply(RowMajor, AsItIs, AsItIs, shape.Rows, shape.Columns, shape.Depth, 1, _a.Data, shape.Depth, _b.Data,
                shape.Columns, 0, _c.Data, shape.Columns);
        }
        catch (DllNotFoundException e)
        {
            throw new AbsentException("there is no libopenblas.so.0", e);
        }
    }

    public void WriteResults(Exchange results) => results.Write("c", _c.Span);

    public void Dispose()
    {
        foreach (var memory in (FloatMemory[])[_a, _b, _c]) memory.Dispose();
    }

    [LibraryImport("libopenblas.so.0", EntryPoint = "cblas_sgemm")]
    private static partial void Multiply(int order, int transposeA, int transposeB, int rows, int columns, int depth, float alpha,
        float* a, int aStride, float* b, int bStride, float beta, float* c, int cStride);
}
