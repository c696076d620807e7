using System.Runtime.Intrinsics;
using Multihead.Kernels.Activations;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>Assembled epilogues against the same structs in the portable loops, over every number of rows and columns, with
/// infinities, NaN, zeros of both signs and numbers too small for the normal form among the elements.</summary>
public sealed unsafe class AssembledEpilogueTests : IDisposable
{
    private const int Stride = 71, FirstRow = 1000, FirstColumn = 64, Rows = Tile.WidestRows;
    private static readonly float[] Special =
        [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e-40f, -1e-40f, float.MaxValue, float.MinValue, -88, 1e5f];

    private readonly Random _random = new(5);
    private readonly FloatBuffer _bias;
    private readonly FloatBuffer _side;
    private readonly FloatBuffer _zeros = new(Tile.MaxFloats);

    public AssembledEpilogueTests()
    {
        _bias = WithSpecialValues(FirstColumn + 32);
        _side = WithSpecialValues((FirstRow + Rows) * (FirstColumn + 32));
    }

    public void Dispose()
    {
        _bias.Dispose();
        _side.Dispose();
        _zeros.Dispose();
    }

    [Fact]
    public void SimpleOnesHaveTheBitsOfThePortableLoops()
    {
        Compare(new AddBias(_bias));
        Compare(new AddMatrix(Side));
        Compare(new Then<AddBias, AddMatrix>(new(_bias), new(Side)));
        Compare(new MultiplyBySlope<Relu>(1.1f, Side));
        Compare(new MultiplyBySlope<Gelu>(1.1f, Side));
    }

    [Fact]
    public void ActivationsHaveTheBitsOfThePortableLoops()
    {
        Compare(default(Activate<Relu>));
        Compare(default(Activate<Gelu>));
        Compare(default(Activate<Silu>));
        Compare(new ActivateAndDropOut<Gelu, KeepAll>(default, Side));
        Compare(new ActivateAndDropOut<Silu, KeepAll>(default, Side));
    }

    [Fact]
    public void DropoutHasTheBitsOfThePortableLoops()
    {
        foreach (var rate in new[] { 0, 0.1f, 0.9f })
        {
            var dropout = new DropElements(rate, new DropoutKey(0xFEDCBA9876543210, 1UL << 40), 12_345);
            Compare(dropout);
            Compare(new ActivateAndDropOut<Relu, DropElements>(dropout, Side));
            Compare(new ActivateAndDropOut<Gelu, DropElements>(dropout, Side));
            Compare(new ActivateAndDropOut<Silu, DropElements>(dropout, Side));
            Compare(new Then<Then<AddBias, DropElements>, AddMatrix>(new(new(_bias), dropout), new(Side)));
        }
    }

    [Fact]
    public void AnOperandThatIsACopyIsRefused() =>
        Assert.Throws<InvalidOperationException>(() => TracingPlace.Record<Copying>(out _));

    private MatrixOperand Side => new(_side, FirstColumn + 32);

    private void Compare<TEpilogue>(TEpilogue epilogue) where TEpilogue : unmanaged, IEpilogue
    {
        foreach (var format in new[] { ProductFormat.Fp32, ProductFormat.Bf16 })
        {
            Assert.Equal(AssembledProduct.Serves(format), AssembledProduct.Serves<TEpilogue>(format));
            if (!AssembledProduct.Serves(format)) continue;
            for (var rows = 1; rows <= Rows; rows++)
                foreach (var columns in new[] { 1, 15, 16, 17, 31, 32 }) Compare(epilogue, format, rows, columns);
        }
    }

    // Chains that resume from what is wanted and gain nothing.
    private void Compare<TEpilogue>(TEpilogue epilogue, ProductFormat format, int rows, int columns)
        where TEpilogue : unmanaged, IEpilogue
    {
        using var expected = WithSpecialValues(Rows * Stride);
        using var actual = new FloatBuffer(expected.Span);
        var sideBefore = _side.ToArray();

        AssembledCall.Multiply(format, rows, columns, _zeros, _zeros, 1, expected, Stride, true);
        MemoryPlace<Simd512, Vector512<float>>.Apply(&epilogue, expected, Stride, FirstRow, FirstColumn, rows, columns);
        var sideExpected = _side.ToArray();
        sideBefore.CopyTo(_side.Span);
        AssembledCall.Multiply(format, rows, columns, _zeros, 1, Rows, _zeros, 1, actual, Stride, true, &epilogue, FirstRow,
            FirstColumn);

        AssertSame(expected.Span, actual.Span, $"{typeof(TEpilogue)}, {rows} rows, {columns} columns: C");
        AssertSame(sideExpected, _side.Span, $"{typeof(TEpilogue)}, {rows} rows, {columns} columns: the side");
        sideBefore.CopyTo(_side.Span);
    }

    // Which NaN comes out of two is nobody's promise.
    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        for (var i = 0; i < expected.Length; i++)
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i])
                && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
                Assert.Fail($"{what} at {i} is {actual[i]:R}, not {expected[i]:R}");
    }

    private FloatBuffer WithSpecialValues(int count)
    {
        var buffer = FloatBuffer.Random(_random, count, 8);
        foreach (ref var value in buffer.Span)
            if (_random.Next(4) == 0) value = Special[_random.Next(Special.Length)];
        return buffer;
    }

    private readonly struct Copying : IEpilogue
    {
        public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
            where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct
        {
            var copy = 1f;
            return TSimd.Multiply(c, at.Broadcast(in copy));
        }
    }
}
