using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>What happens to the scaled scores of a tile, Scale * Query Key^T, before the softmax. A struct, so that the loops
/// over tiles are compiled for the kind at hand.</summary>
internal interface ILogits
{
    /// <summary>Whether logits are the scores as they are; the two functions are then never called.</summary>
    static abstract bool AreScores { get; }

    /// <summary>The logits of a row's successive keys. Their place is given for biases that depend on it.</summary>
    /// <param name="scores">Scaled scores, one key a lane.</param>
    /// <param name="head">The query's head.</param>
    /// <param name="position">The query's, counted from the span's first key.</param>
    /// <param name="key">That of the first lane.</param>
    V Apply<TSimd, V>(V scores, int head, int position, int key) where TSimd : struct, ISimd<V> where V : struct;

    /// <summary>The gradient of the scores.</summary>
    /// <param name="logits">What <see cref="Apply{TSimd, V}"/> gave.</param>
    /// <param name="gradient">Of the logits.</param>
    V Gradient<TSimd, V>(V logits, V gradient) where TSimd : struct, ISimd<V> where V : struct;
}
