using System.Runtime.Intrinsics;
using Multihead.Kernels.Activations;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;
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

    [Fact]
    public void AddBiasAndActivateIsReluOfTheSum() => Activates<Relu>();

    [Fact]
    public void AddBiasAndActivateIsGeluOfTheSum() => Activates<Gelu>();

    [Fact]
    public void AddBiasAndActivateIsSiluOfTheSum() => Activates<Silu>();

    private static void Activates<TActivation>() where TActivation : unmanaged, IActivation
    {
        ForRandomProducts((team, product, bias, _, _) => (product.Multiply(team,
            new AddBiasAndActivate<TActivation>(bias.Pointer, null, 0)), (_, j, c) => Activate<TActivation>(c + bias.Span[j])));
        // Once more, keeping the argument: C is the same and the argument is the sum.
        ForRandomProducts((team, product, bias, kept, stride) =>
        {
            kept.Span.Fill(ProductCase.Mark);
            var actual = product.Multiply(team, new AddBiasAndActivate<TActivation>(bias.Pointer, kept.Pointer, stride));
            for (var i = 0; i < product.Rows; i++)
                Assert.False(kept.Span[(i * stride + product.Columns)..((i + 1) * stride)].ContainsAnyExcept(ProductCase.Mark));
            return (actual, (i, j, c) => SameBits(c + bias.Span[j], kept.Span[i * stride + j])
                ? Activate<TActivation>(c + bias.Span[j])
                : throw new InvalidOperationException($"{product}: kept [{i}, {j}]"));
        });
    }

    private static float Activate<TActivation>(float x) where TActivation : unmanaged, IActivation =>
        TActivation.Forward<Simd128, Vector128<float>>(Vector128.Create(x))[0];

    private delegate (FloatBuffer Actual, Func<int, int, float, float> Formula) Run(ThreadTeam team, ProductCase product,
        FloatBuffer bias, FloatBuffer residual, int residualStride);

    private static void ForRandomProducts(Run run)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(21);
        for (var round = 0; round < 40; round++)
        {
            using var product = round < 4 ? new ProductCase(random, 1, 128 + 47 * round, 300) : ProductCase.Random(random);
            var residualStride = product.Columns + random.Next(5);
            using var bias = FloatBuffer.Random(random, product.Columns, 1);
            using var residual = FloatBuffer.Random(random, (long)product.Rows * residualStride, 1);
            using var plain = product.Multiply(team, default(NoEpilogue));
            var (actual, formula) = run(team, product, bias, residual, residualStride);
            using (actual)
                for (var i = 0; i < product.Rows; i++)
                    for (var j = 0; j < product.CStride; j++)
                    {
                        var c = plain.Span[i * product.CStride + j];
                        var expected = j < product.Columns ? formula(i, j, c) : ProductCase.Mark;
                        if (!SameBits(expected, actual.Span[i * product.CStride + j])) Assert.Fail($"{product}: C[{i}, {j}]");
                    }
        }
    }
}
