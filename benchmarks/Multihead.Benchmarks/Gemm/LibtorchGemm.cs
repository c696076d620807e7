using Multihead.Benchmarks.Harness;
using Multihead.Benchmarks.Libtorch;
using static TorchSharp.torch;

namespace Multihead.Benchmarks.Gemm;

/// <summary>The product by <c>torch.mm</c>; in bf16 both sides and C are bf16 in memory.</summary>
internal sealed class LibtorchGemm : IWork
{
    private readonly Tensor _a;
    private readonly Tensor _b;
    private Tensor? _c;

    public LibtorchGemm(GemmCase shape, string precision, Exchange inputs)
    {
        var type = LibtorchRuntime.Start(precision);
        _a = TensorFiles.Read(inputs, "a", shape.Rows, shape.Depth).to(type);
        _b = TensorFiles.Read(inputs, "b", shape.Depth, shape.Columns).to(type);
    }

    public void Step()
    {
        _c?.Dispose();
        _c = mm(_a, _b);
    }

    public void WriteResults(Exchange results) => TensorFiles.Write(results, "c", _c!);

    public void Dispose()
    {
        foreach (var tensor in (Tensor?[])[_a, _b, _c]) tensor?.Dispose();
    }
}
