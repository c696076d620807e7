using Multihead.Kernels.Gemm;

namespace Multihead.Benchmarks.Harness;

/// <summary>The precisions of our contestants.</summary>
internal static class OurFormats
{
    /// <exception cref="AbsentException">This processor, or this process, does not multiply in that format.</exception>
    public static ProductFormat Parse(string precision) =>
        ProductFormats.Served.Where(f => f.Name() == precision).Cast<ProductFormat?>().FirstOrDefault()
        ?? throw new AbsentException($"products in {precision} are not served here");
}
