using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>The innermost loops of the matrix product. Every element of C is one chain of multiply-adds in ascending depth,
/// resumed from C (which a caller who begins has set to zero), so all these kernels give the same bits and any of them may
/// serve any element.
/// The idea of register blocking over packed panels: Goto and van de Geijn, "Anatomy of High-Performance Matrix
/// Multiplication", 2008.</summary>
internal static unsafe class Microkernel
{
    /// <summary>C[12, 2 * vector] += A panel x B panel. a: [depth, aStep], the first 12 of each step used; b:
    /// [depth, 2 * vector].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwelveRows<TSimd, V>(float* a, int aStep, float* b, int depth, float* c, long cStride)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var n = TSimd.Count;
        V c0L = TSimd.Load(c), c0R = TSimd.Load(c + n);
        V c1L = TSimd.Load(c + cStride), c1R = TSimd.Load(c + cStride + n);
        V c2L = TSimd.Load(c + 2 * cStride), c2R = TSimd.Load(c + 2 * cStride + n);
        V c3L = TSimd.Load(c + 3 * cStride), c3R = TSimd.Load(c + 3 * cStride + n);
        V c4L = TSimd.Load(c + 4 * cStride), c4R = TSimd.Load(c + 4 * cStride + n);
        V c5L = TSimd.Load(c + 5 * cStride), c5R = TSimd.Load(c + 5 * cStride + n);
        V c6L = TSimd.Load(c + 6 * cStride), c6R = TSimd.Load(c + 6 * cStride + n);
        V c7L = TSimd.Load(c + 7 * cStride), c7R = TSimd.Load(c + 7 * cStride + n);
        V c8L = TSimd.Load(c + 8 * cStride), c8R = TSimd.Load(c + 8 * cStride + n);
        V c9L = TSimd.Load(c + 9 * cStride), c9R = TSimd.Load(c + 9 * cStride + n);
        V c10L = TSimd.Load(c + 10 * cStride), c10R = TSimd.Load(c + 10 * cStride + n);
        V c11L = TSimd.Load(c + 11 * cStride), c11R = TSimd.Load(c + 11 * cStride + n);
        for (var k = depth; k > 0; k--)
        {
            V left = TSimd.Load(b), right = TSimd.Load(b + n);
            var a0 = TSimd.Create(a[0]);
            c0L = TSimd.MultiplyAdd(a0, left, c0L);
            c0R = TSimd.MultiplyAdd(a0, right, c0R);
            var a1 = TSimd.Create(a[1]);
            c1L = TSimd.MultiplyAdd(a1, left, c1L);
            c1R = TSimd.MultiplyAdd(a1, right, c1R);
            var a2 = TSimd.Create(a[2]);
            c2L = TSimd.MultiplyAdd(a2, left, c2L);
            c2R = TSimd.MultiplyAdd(a2, right, c2R);
            var a3 = TSimd.Create(a[3]);
            c3L = TSimd.MultiplyAdd(a3, left, c3L);
            c3R = TSimd.MultiplyAdd(a3, right, c3R);
            var a4 = TSimd.Create(a[4]);
            c4L = TSimd.MultiplyAdd(a4, left, c4L);
            c4R = TSimd.MultiplyAdd(a4, right, c4R);
            var a5 = TSimd.Create(a[5]);
            c5L = TSimd.MultiplyAdd(a5, left, c5L);
            c5R = TSimd.MultiplyAdd(a5, right, c5R);
            var a6 = TSimd.Create(a[6]);
            c6L = TSimd.MultiplyAdd(a6, left, c6L);
            c6R = TSimd.MultiplyAdd(a6, right, c6R);
            var a7 = TSimd.Create(a[7]);
            c7L = TSimd.MultiplyAdd(a7, left, c7L);
            c7R = TSimd.MultiplyAdd(a7, right, c7R);
            var a8 = TSimd.Create(a[8]);
            c8L = TSimd.MultiplyAdd(a8, left, c8L);
            c8R = TSimd.MultiplyAdd(a8, right, c8R);
            var a9 = TSimd.Create(a[9]);
            c9L = TSimd.MultiplyAdd(a9, left, c9L);
            c9R = TSimd.MultiplyAdd(a9, right, c9R);
            var a10 = TSimd.Create(a[10]);
            c10L = TSimd.MultiplyAdd(a10, left, c10L);
            c10R = TSimd.MultiplyAdd(a10, right, c10R);
            var a11 = TSimd.Create(a[11]);
            c11L = TSimd.MultiplyAdd(a11, left, c11L);
            c11R = TSimd.MultiplyAdd(a11, right, c11R);
            a += aStep;
            b += 2 * n;
        }
        TSimd.Store(c0L, c);
        TSimd.Store(c0R, c + n);
        TSimd.Store(c1L, c + cStride);
        TSimd.Store(c1R, c + cStride + n);
        TSimd.Store(c2L, c + 2 * cStride);
        TSimd.Store(c2R, c + 2 * cStride + n);
        TSimd.Store(c3L, c + 3 * cStride);
        TSimd.Store(c3R, c + 3 * cStride + n);
        TSimd.Store(c4L, c + 4 * cStride);
        TSimd.Store(c4R, c + 4 * cStride + n);
        TSimd.Store(c5L, c + 5 * cStride);
        TSimd.Store(c5R, c + 5 * cStride + n);
        TSimd.Store(c6L, c + 6 * cStride);
        TSimd.Store(c6R, c + 6 * cStride + n);
        TSimd.Store(c7L, c + 7 * cStride);
        TSimd.Store(c7R, c + 7 * cStride + n);
        TSimd.Store(c8L, c + 8 * cStride);
        TSimd.Store(c8R, c + 8 * cStride + n);
        TSimd.Store(c9L, c + 9 * cStride);
        TSimd.Store(c9R, c + 9 * cStride + n);
        TSimd.Store(c10L, c + 10 * cStride);
        TSimd.Store(c10R, c + 10 * cStride + n);
        TSimd.Store(c11L, c + 11 * cStride);
        TSimd.Store(c11R, c + 11 * cStride + n);
    }

    /// <summary>C[6, 2 * vector] += A panel x B panel. a: [depth, aStep], the first 6 of each step used; b:
    /// [depth, 2 * vector].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixRows<TSimd, V>(float* a, int aStep, float* b, int depth, float* c, long cStride)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var n = TSimd.Count;
        V c0L = TSimd.Load(c), c0R = TSimd.Load(c + n);
        V c1L = TSimd.Load(c + cStride), c1R = TSimd.Load(c + cStride + n);
        V c2L = TSimd.Load(c + 2 * cStride), c2R = TSimd.Load(c + 2 * cStride + n);
        V c3L = TSimd.Load(c + 3 * cStride), c3R = TSimd.Load(c + 3 * cStride + n);
        V c4L = TSimd.Load(c + 4 * cStride), c4R = TSimd.Load(c + 4 * cStride + n);
        V c5L = TSimd.Load(c + 5 * cStride), c5R = TSimd.Load(c + 5 * cStride + n);
        for (var k = depth; k > 0; k--)
        {
            V left = TSimd.Load(b), right = TSimd.Load(b + n);
            var a0 = TSimd.Create(a[0]);
            c0L = TSimd.MultiplyAdd(a0, left, c0L);
            c0R = TSimd.MultiplyAdd(a0, right, c0R);
            var a1 = TSimd.Create(a[1]);
            c1L = TSimd.MultiplyAdd(a1, left, c1L);
            c1R = TSimd.MultiplyAdd(a1, right, c1R);
            var a2 = TSimd.Create(a[2]);
            c2L = TSimd.MultiplyAdd(a2, left, c2L);
            c2R = TSimd.MultiplyAdd(a2, right, c2R);
            var a3 = TSimd.Create(a[3]);
            c3L = TSimd.MultiplyAdd(a3, left, c3L);
            c3R = TSimd.MultiplyAdd(a3, right, c3R);
            var a4 = TSimd.Create(a[4]);
            c4L = TSimd.MultiplyAdd(a4, left, c4L);
            c4R = TSimd.MultiplyAdd(a4, right, c4R);
            var a5 = TSimd.Create(a[5]);
            c5L = TSimd.MultiplyAdd(a5, left, c5L);
            c5R = TSimd.MultiplyAdd(a5, right, c5R);
            a += aStep;
            b += 2 * n;
        }
        TSimd.Store(c0L, c);
        TSimd.Store(c0R, c + n);
        TSimd.Store(c1L, c + cStride);
        TSimd.Store(c1R, c + cStride + n);
        TSimd.Store(c2L, c + 2 * cStride);
        TSimd.Store(c2R, c + 2 * cStride + n);
        TSimd.Store(c3L, c + 3 * cStride);
        TSimd.Store(c3R, c + 3 * cStride + n);
        TSimd.Store(c4L, c + 4 * cStride);
        TSimd.Store(c4R, c + 4 * cStride + n);
        TSimd.Store(c5L, c + 5 * cStride);
        TSimd.Store(c5R, c + 5 * cStride + n);
    }

    /// <summary>One row of A against four neighbouring panels of B at once: eight independent chains hide the latency that a
    /// single row leaves bare. a: [depth] with step <paramref name="aStep"/>; b: four panels, <paramref name="panelStride"/>
    /// floats from one to the next; c: [8 vectors].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRowFourPanels<TSimd, V>(float* a, int aStep, float* b, long panelStride, int depth, float* c)
        where TSimd : struct, ISimd<V> where V : struct
    {
        var n = TSimd.Count;
        V c0 = TSimd.Load(c), c1 = TSimd.Load(c + n), c2 = TSimd.Load(c + 2 * n), c3 = TSimd.Load(c + 3 * n);
        V c4 = TSimd.Load(c + 4 * n), c5 = TSimd.Load(c + 5 * n), c6 = TSimd.Load(c + 6 * n), c7 = TSimd.Load(c + 7 * n);
        float* b1 = b + panelStride, b2 = b1 + panelStride, b3 = b2 + panelStride;
        for (var k = 0; k < depth; k++)
        {
            var x = TSimd.Create(*a);
            c0 = TSimd.MultiplyAdd(x, TSimd.Load(b), c0);
            c1 = TSimd.MultiplyAdd(x, TSimd.Load(b + n), c1);
            c2 = TSimd.MultiplyAdd(x, TSimd.Load(b1), c2);
            c3 = TSimd.MultiplyAdd(x, TSimd.Load(b1 + n), c3);
            c4 = TSimd.MultiplyAdd(x, TSimd.Load(b2), c4);
            c5 = TSimd.MultiplyAdd(x, TSimd.Load(b2 + n), c5);
            c6 = TSimd.MultiplyAdd(x, TSimd.Load(b3), c6);
            c7 = TSimd.MultiplyAdd(x, TSimd.Load(b3 + n), c7);
            a += aStep;
            b += 2 * n;
            b1 += 2 * n;
            b2 += 2 * n;
            b3 += 2 * n;
        }
        TSimd.Store(c0, c);
        TSimd.Store(c1, c + n);
        TSimd.Store(c2, c + 2 * n);
        TSimd.Store(c3, c + 3 * n);
        TSimd.Store(c4, c + 4 * n);
        TSimd.Store(c5, c + 5 * n);
        TSimd.Store(c6, c + 6 * n);
        TSimd.Store(c7, c + 7 * n);
    }
}
