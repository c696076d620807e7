using System.Runtime.Intrinsics;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Simd;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>Each microkernel on each width, whatever width this process runs on.</summary>
public unsafe class MicrokernelTests
{
    [Fact]
    public void Of512Bits()
    {
        if (!Vector512.IsHardwareAccelerated) Assert.Skip("no 512-bit vectors here");
        EveryKernelIsTheScalarChain<Simd512, Vector512<float>>();
    }

    [Fact]
    public void Of256Bits()
    {
        if (!Vector256.IsHardwareAccelerated) Assert.Skip("no 256-bit vectors here");
        EveryKernelIsTheScalarChain<Simd256, Vector256<float>>();
    }

    [Fact]
    public void Of128Bits() => EveryKernelIsTheScalarChain<Simd128, Vector128<float>>();

    private static void EveryKernelIsTheScalarChain<TSimd, V>() where TSimd : struct, ISimd<V> where V : struct
    {
        var random = new Random(11);
        var width = 2 * TSimd.Count;
        for (var depth = 0; depth <= 257; depth += depth < 40 ? 1 : 31)
        {
            const int aStep = 13;
            var (panelStride, stride) = (depth * width + 5, 4 * width + 3);
            using var a = FloatBuffer.Random(random, depth * aStep + aStep, 1);
            using var b = FloatBuffer.Random(random, 4 * panelStride, 1);
            using var c = FloatBuffer.Random(random, 12 * stride, 1);
            foreach (var (rows, panels) in new[] { (12, 1), (6, 1), (1, 4) })
            {
                using var actual = new FloatBuffer(c.Span);
                if (rows == 12) Microkernel.TwelveRows<TSimd, V>(a.Pointer, aStep, b.Pointer, depth, actual.Pointer, stride);
                else if (rows == 6) Microkernel.SixRows<TSimd, V>(a.Pointer, aStep, b.Pointer, depth, actual.Pointer, stride);
                else Microkernel.OneRowFourPanels<TSimd, V>(a.Pointer, aStep, b.Pointer, panelStride, depth, actual.Pointer);
                using var expected = new FloatBuffer(c.Span);
                var left = new Matrix(a.Pointer, rows, depth, 1, aStep);
                for (var i = 0; i < rows; i++)
                    for (var panel = 0; panel < panels; panel++)
                        Chain(left, new Matrix(b.Pointer + panel * panelStride, depth, width), i,
                            expected.Span.Slice(i * stride + panel * width, width));
                AssertSameBits(expected.Span, actual.Span, $"{rows} rows, {panels} panels, depth {depth}");
            }
        }
    }
}
