using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>An epilogue does to each element of the finished product what its formula says, to the bit, once.</summary>
public unsafe class EpilogueTests
{
    [Fact]
    public void AddBiasAddsTheBiasOfTheColumn() => ForRandomProducts((team, product, bias, _, _) =>
        (product.Multiply(team, new AddBias(bias.Pointer)), (_, j, c) => c + bias.Span[j]));

    [Fact]
    public void AddBiasAndResidualAddsBoth() => ForRandomProducts((team, product, bias, residual, stride) =>
        (product.Multiply(team, new AddBiasAndResidual(bias.Pointer, residual.Pointer, stride)),
            (i, j, c) => residual.Span[i * stride + j] + (c + bias.Span[j])));

    private delegate (Floats Actual, Func<int, int, float, float> Formula) Run(ThreadTeam team, ProductCase product, Floats bias,
        Floats residual, int residualStride);

    private static void ForRandomProducts(Run run)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(21);
        for (var round = 0; round < 40; round++)
        {
            using var product = round < 4 ? new ProductCase(random, 1, 128 + 47 * round, 300) : ProductCase.Random(random);
            var residualStride = product.Columns + random.Next(5);
            using var bias = Floats.Random(random, product.Columns);
            using var residual = Floats.Random(random, (long)product.Rows * residualStride);
            using var plain = product.Multiply(team, default(NoEpilogue));
            var (actual, formula) = run(team, product, bias, residual, residualStride);
            using (actual)
                for (var i = 0; i < product.Rows; i++)
                    for (var j = 0; j < product.CStride; j++)
                    {
                        var c = plain.Span[i * product.CStride + j];
                        var expected = j < product.Columns ? formula(i, j, c) : Floats.Mark;
                        if (!SameBits(expected, actual.Span[i * product.CStride + j])) Assert.Fail($"{product}: C[{i}, {j}]");
                    }
        }
    }
}
