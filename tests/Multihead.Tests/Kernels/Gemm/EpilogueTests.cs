using System.Runtime.Intrinsics;
using Multihead.Kernels.Activations;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>An epilogue does to each element of the finished product what its formula says, to the bit, once.</summary>
public unsafe class EpilogueTests
{
    private const float Rate = 0.3f;
    private static readonly DropoutKey Key = new(0x1122334455667788, 99);

    [Fact]
    public void AddBiasAddsTheBiasOfTheColumn() => ForRandomProducts((at, bias, _) =>
        at.Run(new AddBias(bias.Pointer), (_, j, c) => c + bias[j]));

    [Fact]
    public void AddMatrixAddsTheElementThere() => ForRandomProducts((at, _, side) =>
        at.Run(new AddMatrix(at.Operand(side)), (i, j, c) => side[i * at.Stride + j] + c));

    [Fact]
    public void ActivateIsTheActivation()
    {
        ForRandomProducts((at, _, _) => at.Run(default(Activate<Relu>), (_, _, c) => Forward<Relu>(c)));
        ForRandomProducts((at, _, _) => at.Run(default(Activate<Gelu>), (_, _, c) => Forward<Gelu>(c)));
        ForRandomProducts((at, _, _) => at.Run(default(Activate<Silu>), (_, _, c) => Forward<Silu>(c)));
    }

    [Fact]
    public void DropElementsDropsByTheWordOfTheElement() => ForRandomProducts((at, _, _) =>
        at.Run(new DropElements(Rate, Key, at.Columns), (i, j, c) => Dropped(at, i, j) ? 0 : c * Dropout.Scale(Rate)));

    [Fact]
    public void ThenIsOneAfterTheOther() => ForRandomProducts((at, bias, side) => at.Run(
        new Then<Then<AddBias, DropElements>, AddMatrix>(
            new(new(bias.Pointer), new(Rate, Key, at.Columns)), new(at.Operand(side))),
        (i, j, c) => side[i * at.Stride + j] + (Dropped(at, i, j) ? 0 : (c + bias[j]) * Dropout.Scale(Rate))));

    [Fact]
    public void ActivateAndDropOutKeepsTheSlopes()
    {
        Keeps<Gelu>();
        Keeps<Silu>();
        Keeps<Relu>();
    }

    [Fact]
    public void MultiplyBySlopeGoesBack()
    {
        ForRandomProducts((at, _, side) => at.Run(new MultiplyBySlope<Gelu>(1.25f, at.Operand(side)),
            (i, j, c) => c * 1.25f * side[i * at.Stride + j]));
        ForRandomProducts((at, _, side) => at.Run(new MultiplyBySlope<Relu>(1.25f, at.Operand(side)),
            (i, j, c) => c * 1.25f * Derivative<Relu>(side[i * at.Stride + j])));
    }

    private static void Keeps<TActivation>() where TActivation : unmanaged, IActivation
    {
        Keeps<TActivation, KeepAll>(_ => default, (_, _, _) => false, 1);
        Keeps<TActivation, DropElements>(at => new(Rate, Key, at.Columns), Dropped, Dropout.Scale(Rate));
    }

    private static void Keeps<TActivation, TDropout>(Func<Case, TDropout> dropout, Func<Case, int, int, bool> dropped, float scale)
        where TActivation : unmanaged, IActivation where TDropout : unmanaged, IDropout =>
        ForRandomProducts((at, _, side) =>
        {
            side.Span.Fill(ProductCase.Mark);
            at.Run(new ActivateAndDropOut<TActivation, TDropout>(dropout(at), at.Operand(side)),
                (i, j, c) =>
                {
                    var slope = TActivation.OutputTellsDerivative ? ProductCase.Mark
                        : dropped(at, i, j) ? 0 : Derivative<TActivation>(c);
                    Assert.True(SameBits(slope, side[i * at.Stride + j]), $"{at.Product}: slope [{i}, {j}]");
                    return dropped(at, i, j) ? 0 : Forward<TActivation>(c) * scale;
                });
            for (var i = 0; i < at.Product.Rows; i++)
                Assert.False(side.Span[(i * at.Stride + at.Columns)..((i + 1) * at.Stride)].ContainsAnyExcept(ProductCase.Mark));
        });

    private static float Forward<TActivation>(float x) where TActivation : unmanaged, IActivation =>
        TActivation.Forward<Simd128, Vector128<float>>(Vector128.Create(x))[0];

    private static float Derivative<TActivation>(float x) where TActivation : unmanaged, IActivation =>
        TActivation.Derivative<Simd128, Vector128<float>>(Vector128.Create(x))[0];

    private static bool Dropped(Case at, int i, int j)
    {
        var (w0, w1, w2, w3) = Philox.Block((ulong)i * (ulong)((at.Columns + 3) / 4) + (ulong)j / 4, Key.Stream, Key.Seed);
        return (j % 4) switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 } < Rate * Math.Pow(2, 32);
    }

    private sealed class Case(ThreadTeam team, ProductCase product, FloatBuffer plain, int stride)
    {
        public ProductCase Product => product;
        public int Columns => product.Columns;
        public int Stride => stride;

        public MatrixOperand Operand(FloatBuffer side) => new(side.Pointer, stride);

        public void Run<TEpilogue>(TEpilogue epilogue, Func<int, int, float, float> formula) where TEpilogue : unmanaged, IEpilogue
        {
            using var actual = product.Multiply(team, epilogue);
            for (var i = 0; i < product.Rows; i++)
                for (var j = 0; j < product.CStride; j++)
                {
                    var expected = j < product.Columns ? formula(i, j, plain[i * product.CStride + j]) : ProductCase.Mark;
                    if (!SameBits(expected, actual[i * product.CStride + j]))
                        Assert.Fail($"{product}: C[{i}, {j}] is {actual[i * product.CStride + j]:R}, not {expected:R}");
                }
        }
    }

    private static void ForRandomProducts(Action<Case, FloatBuffer, FloatBuffer> run)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(21);
        for (var round = 0; round < 20; round++)
        {
            using var product = round < 4 ? new ProductCase(random, 1, 128 + 47 * round, 300) : ProductCase.Random(random);
            var stride = product.Columns + random.Next(5);
            using var bias = FloatBuffer.Random(random, product.Columns, 1);
            using var side = FloatBuffer.Random(random, (long)product.Rows * stride, 1);
            using var plain = product.Multiply(team, default(NoEpilogue));
            run(new Case(team, product, plain, stride), bias, side);
        }
    }
}
