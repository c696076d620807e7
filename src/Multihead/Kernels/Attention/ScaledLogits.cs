using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Attention;

/// <summary>The logits are the scaled scores: "Attention Is All You Need", equation 1,
/// https://arxiv.org/abs/1706.03762.</summary>
internal readonly struct ScaledLogits : ILogits
{
    public static bool AreScores => true;

    public V Apply<TSimd, V>(V scores, int head, int position, int key) where TSimd : struct, ISimd<V> where V : struct => scores;

    public V Gradient<TSimd, V>(V logits, V gradient) where TSimd : struct, ISimd<V> where V : struct => gradient;
}
