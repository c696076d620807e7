using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Simd;

public unsafe class RowSumPairTests
{
    private readonly struct ValuesAndSquares(float* x) : IRowTermPair
    {
        public V Terms<TSimd, V>(int index, int lanes, out V second) where TSimd : struct, ISimd<V> where V : struct
        {
            var value = TSimd.LoadPart(x + index, lanes);
            second = TSimd.Multiply(value, value);
            return value;
        }
    }

    private readonly struct AllSums(float* x, int width, float* sums) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            sums[0] = RowSumPair.Of<TSimd, V, ValuesAndSquares>(new ValuesAndSquares(x), width, out sums[1]);
            sums[2] = RowSum.Of<TSimd, V, RowSum.Values>(new RowSum.Values(x), width);
            sums[3] = RowSum.Of<TSimd, V, RowSum.Products>(new RowSum.Products(x, x), width);
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EachSumHasTheBitsOfItsOwnPass(int vector)
    {
        var random = new Random(41);
        for (var width = 0; width <= 257; width++)
        {
            using var x = FloatBuffer.Random(random, width);
            if (width % 50 == 49) x.Span[width / 2] = float.NaN;
            using var sums = new FloatBuffer(4);
            Widths.Rows(vector, new AllSums(x, width, sums), 1);
            Widths.AssertSameBits(sums.Span[2..], sums.Span[..2]);
            if (width % 50 == 49) Assert.Equal((float.NaN, float.NaN), (sums[0], sums[1]));
        }
    }
}
