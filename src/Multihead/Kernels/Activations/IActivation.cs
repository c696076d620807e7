using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Activations;

/// <summary>A nonlinear function of one variable, lane by lane, with its derivative. NaN gives NaN in both; infinities give
/// the limits.</summary>
internal interface IActivation
{
    /// <summary>Whether f'(f(x)) is f'(x), also where f(x) was scaled, and 0 where f(x) is 0: then the output is enough to go
    /// back, dropout after it included.</summary>
    static abstract bool OutputTellsDerivative { get; }

    /// <summary>f(x).</summary>
    static abstract V Forward<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct;

    /// <summary>f'(x).</summary>
    static abstract V Derivative<TSimd, V>(V x) where TSimd : struct, ISimd<V> where V : struct;
}
