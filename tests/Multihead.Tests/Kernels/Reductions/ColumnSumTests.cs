using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Reductions;

public unsafe class ColumnSumTests
{
    private readonly struct SumColumns(ColumnSum.Values terms, int rows, float* y, bool accumulate) : IColumnStep
    {
        public void Columns<TSimd, V>(int first, int end) where TSimd : struct, ISimd<V> where V : struct =>
            ColumnSum.Columns<TSimd, V, ColumnSum.Values>(terms, rows, first, end, y, accumulate);
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithTheReference(int vector)
    {
        var random = new Random(19);
        for (var length = 0; length <= 257; length++)
        {
            var (rows, width) = length % 2 == 0 ? (length % 5, length) : (length, 1 + length % 70);
            using var x = FloatBuffer.Random(random, rows * width);
            using var y = FloatBuffer.Random(random, width);
            var expected = new double[width];
            for (var i = 0; i < x.Count; i++) expected[i % width] += x[i];
            var old = y.ToArray();
            Widths.Columns(vector, new SumColumns(new ColumnSum.Values(x, width), rows, y, true), width);
            Close.Assert(i => old[i] + expected[i], y.Span, 5e-5, 0, "accumulated"); // chains of 128 additions to sums near 30
            Widths.Columns(vector, new SumColumns(new ColumnSum.Values(x, width), rows, y, false), width);
            Close.Assert(i => expected[i], y.Span, 5e-5, 0, "overwritten");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void NanStaysInItsColumn(int vector)
    {
        using var x = FloatBuffer.Random(new Random(20), 5 * 37);
        x.Span[2 * 37 + 36] = float.NaN;
        x.Span[3 * 37 + 7] = float.NegativeInfinity;
        using var y = new FloatBuffer(37);
        Widths.Columns(vector, new SumColumns(new ColumnSum.Values(x, 37), 5, y, false), 37);
        for (var i = 0; i < 37; i++)
            Assert.Equal(i switch { 36 => float.NaN, 7 => float.NegativeInfinity, _ => 0 }, float.IsFinite(y[i]) ? 0 : y[i]);
    }

    [Fact]
    public void ThreadsDoNotChangeBits() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int rows = 300, width = 515;
        using var x = FloatBuffer.Random(new Random(21), rows * width);
        using var y = new FloatBuffer(width);
        ColumnSum.Add(team, x, y, rows, width, false);
        ColumnSum.Add(team, x, y, rows, width, true);
        return y.ToArray();
    });
}
