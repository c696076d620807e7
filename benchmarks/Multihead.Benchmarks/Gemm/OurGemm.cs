using Multihead.Benchmarks.Harness;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;

namespace Multihead.Benchmarks.Gemm;

/// <summary>The product by our kernels: both sides stand in memory in the precision of the product, as theirs do, and are packed
/// within the step; C is fp32.</summary>
internal sealed unsafe class OurGemm : IWork
{
    private readonly ThreadTeam _team = new(BenchmarkCase.Threads);
    private readonly GemmCase _shape;
    private readonly ProductFormat _format;
    private readonly FloatMemory _aMemory, _bMemory, _c;
    private readonly Matrix _a, _b;

    public OurGemm(GemmCase shape, string precision, Exchange inputs)
    {
        _shape = shape;
        _format = OurFormats.Parse(precision);
        _aMemory = new FloatMemory(inputs, "a", (long)shape.Rows * shape.Depth);
        _bMemory = new FloatMemory(inputs, "b", (long)shape.Depth * shape.Columns);
        _c = new FloatMemory((long)shape.Rows * shape.Columns);
        _a = Side(_aMemory, shape.Rows, shape.Depth);
        _b = Side(_bMemory, shape.Depth, shape.Columns);
    }

    public void Step() => MatrixProduct.Multiply(_team, _a, _b, _c.Data, _shape.Columns, accumulate: false, default(NoEpilogue),
        _format);

    public void WriteResults(Exchange results) => results.Write("c", _c.Span);

    public void Dispose()
    {
        foreach (var memory in (FloatMemory[])[_aMemory, _bMemory, _c]) memory.Dispose();
        _team.Dispose();
    }

    // In bf16 rounded in place: the first half of the memory is enough.
    private Matrix Side(FloatMemory memory, int rows, int columns)
    {
        if (_format != ProductFormat.Bf16) return new Matrix(memory.Data, rows, columns);
        var halves = (ushort*)memory.Data;
        for (var i = 0; i < memory.Count; i++) halves[i] = (ushort)Bf16Words.Round(memory.Data[i]);
        return new Matrix(halves, rows, columns);
    }
}
