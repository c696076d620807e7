using System.Runtime.Intrinsics;
using Multihead.Kernels.Attention;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Attention;

public unsafe class TileProductTests
{
    public static TheoryData<int> Paths => AttentionCase.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void EqualsTheChainOfEveryElement(int bits)
    {
        var random = new Random(bits);
        for (var round = 0; round < 200; round++)
        {
            int rows = random.Next(1, 13), columns = random.Next(1, 100), steps = random.Next(1, 70);
            var (aRow, aStep) = random.Next(2) == 0 ? (steps + random.Next(5), 1) : (1, rows + random.Next(5));
            var (panels, bPanel) = ((columns + 31) / 32, steps * 32 + 16 * random.Next(3));
            var (cRow, resume) = (panels * 32 + 16 * random.Next(3), random.Next(2) == 0);
            using var a = FloatBuffer.Random(random, (rows - 1) * aRow + (steps - 1) * aStep + 1);
            using var b = FloatBuffer.Random(random, panels * bPanel);
            using var c = FloatBuffer.Random(random, rows * cRow);
            var expected = c.ToArray();
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                {
                    var sum = resume ? expected[i * cRow + j] : 0;
                    for (var k = 0; k < steps; k++) sum = float.MultiplyAddEstimate(a[i * aRow + k * aStep], b[j / 32 * bPanel + k * 32 + j % 32], sum);
                    expected[i * cRow + j] = sum;
                }
            if (bits == 512) Multiply<Simd512, Vector512<float>>();
            else if (bits == 256) Multiply<Simd256, Vector256<float>>();
            else Multiply<Simd128, Vector128<float>>();

            void Multiply<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
            {
                // The assembled loop where there is one, and the portable one, to the same bits.
                using var again = new FloatBuffer(c.Span);
                new TileProduct<TSimd, V>(ProductFormat.Fp32).Multiply(rows, columns, a, aRow, aStep, b, bPanel, steps, c, cRow,
                    resume, next: c);
                for (var panel = 0; panel < panels; panel++)
                    TileProduct<TSimd, V>.MultiplyPortably(rows, Math.Min(32, columns - panel * 32), a, aRow, aStep,
                        (float*)b + panel * bPanel, steps, (float*)again + panel * 32, cRow, resume);
                for (var i = 0; i < rows; i++)
                {
                    Widths.AssertSameBits(expected.AsSpan(i * cRow, columns), c.Span.Slice(i * cRow, columns));
                    Widths.AssertSameBits(expected.AsSpan(i * cRow, columns), again.Span.Slice(i * cRow, columns));
                }
            }
        }
    }

    [Fact]
    public void StripsCoverAllRowsInOrder()
    {
        for (var rows = 0; rows < 400; rows++)
        {
            var strips = new Strips(rows);
            Assert.Equal((rows + 11) / 12, strips.Count);
            for (var strip = 0; strip < strips.Count; strip++)
            {
                Assert.InRange(strips.Start(strip + 1) - strips.Start(strip), 1, 12);
                Assert.Equal(0, strips.Start(strip) % 4);
            }
            if (rows > 0) Assert.Equal((0, rows), (strips.Start(0), strips.Start(strips.Count)));
        }
    }

    [Fact]
    public void MemoryOfTheBackwardPassIsLinearInLength()
    {
        var (one, two, many) = (Floats(1), Floats(2), Floats(1000));
        Assert.Equal(1000 * (two - one), many - one + two - one);
        // Five forms of the rows (queries and gradients packed twice, and the gradient gathered), and two numbers each.
        Assert.Equal(96 * (5 * 64 + 2), two - one);

        static long Floats(int blocks) =>
            BackwardTile<Simd512, Vector512<float>, CausalKeys, ScaledLogits>.Scratch(padded: 64, blocks, keyBlocks: 4);
    }
}
