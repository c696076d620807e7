using System.Runtime.CompilerServices;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Norms;

/// <summary>The gradients of both norms in one pass over memory: while a row is in the first-level cache its dx is made and its
/// terms are added to the sums for gain and bias of its chunk of rows. The chunks' sums are added in ascending order.</summary>
internal static unsafe class NormBackward
{
    // Fixed, so that the sums have one order; a part for every thread, and few sums to add in the end.
    internal const int ChunkRows = 64;

    /// <summary>Floats of scratch that <see cref="Run(ThreadTeam, in NormGradient, float*)"/> needs.</summary>
    public static long ScratchFloats(int rows, int width) => 2L * Chunks(rows) * width;

    /// <summary>Gradients of a norm.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="gradient">What is read and written.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats.</param>
    public static void Run(ThreadTeam team, in NormGradient gradient, float* scratch) =>
        Run(team, new ChunkJob(gradient, scratch, null), gradient, scratch);

    /// <summary>Gradients of a norm of residual + dropout(x): what is written to Dx is the sum's, and dropout of it is x's.
    /// </summary>
    /// <param name="team">The threads.</param>
    /// <param name="gradient">What is read and written.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats.</param>
    /// <param name="dropout">From Dx to the gradient of what was dropped out.</param>
    public static void Run(ThreadTeam team, in NormGradient gradient, float* scratch, Dropout.Elements dropout) =>
        Run(team, new ChunkJob(gradient, scratch, &dropout), gradient, scratch);

    private static void Run(ThreadTeam team, ChunkJob job, in NormGradient gradient, float* scratch)
    {
        var (chunks, width, add) = (Chunks(gradient.Rows), gradient.Width, gradient.AccumulateGain);
        team.Run(new VectorJob<ChunkJob>(job), chunks);
        ColumnSum.Add(team, scratch, gradient.Dgain, chunks, width, add);
        if (gradient.Dbias != null) ColumnSum.Add(team, scratch + (long)chunks * width, gradient.Dbias, chunks, width, add);
    }

    private static int Chunks(int rows) => (rows + ChunkRows - 1) / ChunkRows;

    /// <summary>One chunk of rows; <paramref name="sums"/>: [2 * chunks, width], those of the gain, then those of the bias.
    /// </summary>
    internal readonly struct ChunkJob(NormGradient gradient, float* sums, Dropout.Elements* dropout) : IVectorJob
    {
        private readonly NormGradient _g = gradient;

        [SkipLocalsInit]
        public void Run<TSimd, V>(int part) where TSimd : struct, ISimd<V> where V : struct
        {
            var keys = stackalloc float[Philox.KeyFloats];
            if (dropout != null) dropout->Prepare<TSimd, V>(keys);
            var width = _g.Width;
            var gainSums = sums + (long)part * width;
            var biasSums = _g.Dbias == null ? null : sums + ((long)Chunks(_g.Rows) + part) * width;
            new Span<float>(gainSums, width).Clear();
            if (biasSums != null) new Span<float>(biasSums, width).Clear();
            var end = Math.Min(_g.Rows, (part + 1) * ChunkRows);
            for (var row = part * ChunkRows; row < end;)
            {
                var first = row;
                for (; row < Math.Min(end, first + ResidualNorm.RowsAtOnce); row++) Row<TSimd, V>(row, gainSums, biasSums);
                if (dropout != null) dropout->Range<TSimd, V>(keys, (long)first * width, (long)row * width);
            }
        }

        private void Row<TSimd, V>(int row, float* gainSums, float* biasSums) where TSimd : struct, ISimd<V> where V : struct
        {
            var (first, width) = ((long)row * _g.Width, _g.Width);
            var dy = _g.Dy + first;
            var inverse = _g.InverseDeviation[row];
            var normalised = new Normalised(_g.X + first, _g.Mean == null ? 0 : _g.Mean[row], inverse);
            var deviation = RowSum.Of<TSimd, V, DeviationTerms>(new DeviationTerms(dy, _g.Gain, normalised), width) / width;
            var mean = _g.Mean == null
                ? 0
                : RowSum.Of<TSimd, V, RowSum.Products>(new RowSum.Products(dy, _g.Gain), width) / width;
            var step = new GradientStep(dy, _g.Gain, normalised, inverse, mean, deviation, _g.Dx + first, _g.AccumulateX, gainSums,
                biasSums);
            FlatLoop.Range<TSimd, V, GradientStep>(step, 0, width);
        }
    }

    /// <summary>dx[i] (+)= inverseDeviation (dy[i] gain[i] - meanTerm - normalised[i] deviationTerm);
    /// gainSums[i] += dy[i] normalised[i]; biasSums[i] += dy[i].</summary>
    private readonly struct GradientStep(float* dy, float* gain, Normalised normalised, float inverseDeviation, float meanTerm,
        float deviationTerm, float* dx, bool accumulate, float* gainSums, float* biasSums) : IVectorStep
    {
        private readonly float* _dy = dy;
        private readonly float* _gain = gain;
        private readonly Normalised _normalised = normalised;
        private readonly float _inverseDeviation = inverseDeviation;
        private readonly float _meanTerm = meanTerm;
        private readonly float _deviationTerm = deviationTerm;
        private readonly float* _dx = dx;
        private readonly bool _accumulate = accumulate;
        private readonly float* _gainSums = gainSums;
        private readonly float* _biasSums = biasSums;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            V dy = TSimd.LoadPart(_dy + index, lanes), normalised = _normalised.At<TSimd, V>(index, lanes);
            var scaled = TSimd.Multiply(dy, TSimd.LoadPart(_gain + index, lanes));
            var taken = TSimd.MultiplyAdd(normalised, TSimd.Create(_deviationTerm), TSimd.Create(_meanTerm));
            var gradient = TSimd.Multiply(TSimd.Subtract(scaled, taken), TSimd.Create(_inverseDeviation));
            if (_accumulate) gradient = TSimd.Add(TSimd.LoadPart(_dx + index, lanes), gradient);
            TSimd.StorePart(gradient, _dx + index, lanes);
            var gainSum = TSimd.Add(TSimd.LoadPart(_gainSums + index, lanes), TSimd.Multiply(dy, normalised));
            TSimd.StorePart(gainSum, _gainSums + index, lanes);
            if (_biasSums == null) return;
            TSimd.StorePart(TSimd.Add(TSimd.LoadPart(_biasSums + index, lanes), dy), _biasSums + index, lanes);
        }
    }
}
