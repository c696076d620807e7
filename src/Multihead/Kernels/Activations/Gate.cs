using System.Runtime.CompilerServices;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Activations;

/// <summary>h = f(g) * u: one half of a row opens or closes the other. GLU Variants Improve Transformer,
/// https://arxiv.org/abs/2002.05202.</summary>
internal static unsafe class Gate
{
    /// <summary>Makes h of rows that hold g, then u.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="both">[rows, 2 * width]: g and u side by side.</param>
    /// <param name="h">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements of g, and of u.</param>
    public static void Forward<TActivation>(ThreadTeam team, float* both, float* h, int rows, int width)
        where TActivation : unmanaged, IActivation =>
        RowLoop.Run(team, new ForwardRow<TActivation>(both, h, width), rows, 2 * width);

    /// <summary>Turns the rows of g and u into their gradients: dg = dh * u * f'(g), du = dh * f(g).</summary>
    /// <param name="team">The threads.</param>
    /// <param name="both">[rows, 2 * width]: g and u; dg and du afterwards.</param>
    /// <param name="dh">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements of g, and of u.</param>
    public static void Backward<TActivation>(ThreadTeam team, float* both, float* dh, int rows, int width)
        where TActivation : unmanaged, IActivation =>
        RowLoop.Run(team, new BackwardRow<TActivation>(both, dh, width), rows, 3 * width);

    private readonly struct ForwardRow<TActivation>(float* both, float* h, int width) : IRowStep
        where TActivation : unmanaged, IActivation
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct =>
            FlatLoop.Range<TSimd, V, ForwardStep<TActivation>>(
                new(both + 2L * row * width, both + (2L * row + 1) * width, h + (long)row * width), 0, width);
    }

    private readonly struct ForwardStep<TActivation>(float* g, float* u, float* h) : IVectorStep
        where TActivation : unmanaged, IActivation
    {
        private readonly float* _g = g;
        private readonly float* _u = u;
        private readonly float* _h = h;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var open = TActivation.Forward<TSimd, V>(TSimd.LoadPart(_g + index, lanes));
            TSimd.StorePart(TSimd.Multiply(open, TSimd.LoadPart(_u + index, lanes)), _h + index, lanes);
        }
    }

    private readonly struct BackwardRow<TActivation>(float* both, float* dh, int width) : IRowStep
        where TActivation : unmanaged, IActivation
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct =>
            FlatLoop.Range<TSimd, V, BackwardStep<TActivation>>(
                new(both + 2L * row * width, both + (2L * row + 1) * width, dh + (long)row * width), 0, width);
    }

    private readonly struct BackwardStep<TActivation>(float* g, float* u, float* dh) : IVectorStep
        where TActivation : unmanaged, IActivation
    {
        private readonly float* _g = g;
        private readonly float* _u = u;
        private readonly float* _dh = dh;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            V g = TSimd.LoadPart(_g + index, lanes), u = TSimd.LoadPart(_u + index, lanes);
            V dh = TSimd.LoadPart(_dh + index, lanes), f = TActivation.Forward<TSimd, V>(g);
            // Of an activation whose output tells the derivative, that is what the derivative takes.
            var slope = TActivation.Derivative<TSimd, V>(TActivation.OutputTellsDerivative ? f : g);
            TSimd.StorePart(TSimd.Multiply(TSimd.Multiply(dh, u), slope), _g + index, lanes);
            TSimd.StorePart(TSimd.Multiply(dh, f), _u + index, lanes);
        }
    }
}
