using Multihead.Benchmarks.Harness;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;

namespace Multihead.Benchmarks.Gemm;

/// <summary>The product by our kernels, as learning uses them: both sides stand in memory as fp32 and are packed, and rounded
/// where the precision says so, within the step.</summary>
internal sealed unsafe class OurGemm(GemmCase shape, string precision, Exchange inputs) : IWork
{
    private readonly ThreadTeam _team = new(BenchmarkCase.Threads);
    private readonly ProductFormat _format = OurFormats.Parse(precision);
    private readonly FloatMemory _a = new(inputs, "a", (long)shape.Rows * shape.Depth);
    private readonly FloatMemory _b = new(inputs, "b", (long)shape.Depth * shape.Columns);
    private readonly FloatMemory _c = new((long)shape.Rows * shape.Columns);

    public void Step() => MatrixProduct.Multiply(_team, new Matrix(_a.Data, shape.Rows, shape.Depth),
        new Matrix(_b.Data, shape.Depth, shape.Columns), _c.Data, shape.Columns, accumulate: false,
        default(NoEpilogue), _format);

    public void WriteResults(Exchange results) => results.Write("c", _c.Span);

    public void Dispose()
    {
        foreach (var memory in (FloatMemory[])[_a, _b, _c]) memory.Dispose();
        _team.Dispose();
    }
}
