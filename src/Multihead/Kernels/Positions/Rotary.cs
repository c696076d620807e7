using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Positions;

/// <summary>Turns pairs (x[i], x[i + half]) of every head by an angle: x[i] cos - x[i + half] sin, x[i + half] cos + x[i] sin.
/// RoFormer, https://arxiv.org/abs/2104.09864, equation 34. Differs: halves and not neighbours are paired, as in Hugging Face's
/// Llama; a permutation of weights makes one of the other.</summary>
internal static unsafe class Rotary
{
    /// <summary>Turns rows in place.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="x">Row r begins at x + r * stride: heads side by side.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="angles">[rows, 2 * pairs]: the cosines of a row's position, then the sines.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="heads">Heads of a row.</param>
    /// <param name="headDim">Elements of a head; those behind 2 * half stay.</param>
    /// <param name="half">Pairs of a head: as far are their elements apart.</param>
    /// <param name="back">Turns the other way: what gradients need.</param>
    public static void Turn(ThreadTeam team, float* x, long stride, float* angles, int rows, int heads, int headDim, int half,
        bool back) =>
        RowLoop.Run(team, new TurnRow(x, stride, angles, heads, headDim, half, back), rows, heads * headDim);

    private readonly struct TurnRow(float* x, long stride, float* angles, int heads, int headDim, int half, bool back) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            var cosines = angles + 2L * row * half;
            for (var head = 0; head < heads; head++)
            {
                var start = x + row * stride + head * headDim;
                FlatLoop.Range<TSimd, V, TurnStep>(new(start, start + half, cosines, cosines + half, back ? -1 : 1), 0, half);
            }
        }
    }

    private readonly struct TurnStep(float* a, float* b, float* cosines, float* sines, float direction) : IVectorStep
    {
        private readonly float* _a = a;
        private readonly float* _b = b;
        private readonly float* _cosines = cosines;
        private readonly float* _sines = sines;
        private readonly float _direction = direction;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            V a = TSimd.LoadPart(_a + index, lanes), b = TSimd.LoadPart(_b + index, lanes);
            var cosine = TSimd.LoadPart(_cosines + index, lanes);
            var sine = TSimd.Multiply(TSimd.LoadPart(_sines + index, lanes), TSimd.Create(_direction));
            TSimd.StorePart(TSimd.Subtract(TSimd.Multiply(a, cosine), TSimd.Multiply(b, sine)), _a + index, lanes);
            TSimd.StorePart(TSimd.MultiplyAdd(a, sine, TSimd.Multiply(b, cosine)), _b + index, lanes);
        }
    }
}
