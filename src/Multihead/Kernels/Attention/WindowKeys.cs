namespace Multihead.Kernels.Attention;

/// <summary>A query sees the key at its own position and the <paramref name="size"/> - 1 keys before: the sliding window of
/// Longformer (https://arxiv.org/abs/2004.05150) as Mistral has it (https://arxiv.org/abs/2310.06825).</summary>
/// <param name="size">1 or more.</param>
internal readonly struct WindowKeys(int size) : IVisibleKeys
{
    private readonly int _size = size;

    public bool Visit(int firstPosition, int lastPosition, int key, int count) =>
        key <= lastPosition && (long)key + count > (long)firstPosition - _size + 1;

    public (int From, int To) InBlock(int position, int key, int count) =>
        ((int)Math.Clamp((long)position - _size + 1 - key, 0, count), Math.Clamp(position - key + 1, 0, count));
}
