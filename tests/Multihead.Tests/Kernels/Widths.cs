using System.Runtime.Intrinsics;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels;

/// <summary>Runs the generic form of a kernel at a width of the test's choice, whatever this process would choose.</summary>
internal static class Widths
{
    public static TheoryData<int> All => [512, 256, 128];

    public static void Flat<TStep>(int width, TStep step, long count) where TStep : unmanaged, IVectorStep =>
        Job(width, new FlatJob<TStep>(step, count), 1);

    public static void Rows<TStep>(int width, TStep step, int rows) where TStep : unmanaged, IRowStep =>
        Job(width, new RowJob<TStep>(step), rows);

    /// <summary>Parts as <see cref="ColumnLoop"/> cuts them.</summary>
    public static void Columns<TStep>(int width, TStep step, int columns) where TStep : unmanaged, IColumnStep =>
        Job(width, new ColumnJob<TStep>(step, columns), (columns + ColumnLoop.PartWidth - 1) / ColumnLoop.PartWidth);

    public static void Job<TJob>(int width, TJob job, int parts) where TJob : unmanaged, IVectorJob
    {
        for (var part = 0; part < parts; part++)
        {
            if (width == 512) job.Run<Simd512, Vector512<float>>(part);
            else if (width == 256) job.Run<Simd256, Vector256<float>>(part);
            else job.Run<Simd128, Vector128<float>>(part);
        }
    }

    /// <summary>What a kernel gives on 2, 3 and 7 threads has the bits of what it gives on one.</summary>
    public static void AssertSameOnAnyTeam(Func<ThreadTeam, float[]> run)
    {
        float[]? expected = null;
        foreach (var threads in new[] { 1, 2, 3, 7 })
        {
            using var team = new ThreadTeam(threads);
            var actual = run(team);
            expected ??= actual;
            AssertSameBits(expected, actual);
        }
    }

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"element {i}: {expected[i]:R} and {actual[i]:R}");
    }

    private readonly struct FlatJob<TStep>(TStep step, long count) : IVectorJob where TStep : unmanaged, IVectorStep
    {
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct =>
            FlatLoop.Range<TSimd, V, TStep>(step, 0, count);
    }

    private readonly struct RowJob<TStep>(TStep step) : IVectorJob where TStep : unmanaged, IRowStep
    {
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct => step.Row<TSimd, V>(part);
    }

    private readonly struct ColumnJob<TStep>(TStep step, int columns) : IVectorJob where TStep : unmanaged, IColumnStep
    {
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct => step.Columns<TSimd, V>(
            part * ColumnLoop.PartWidth, Math.Min(columns, (part + 1) * ColumnLoop.PartWidth));
    }
}
