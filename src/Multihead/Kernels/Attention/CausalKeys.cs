namespace Multihead.Kernels.Attention;

/// <summary>A query sees the key at its own position and those before.</summary>
internal readonly struct CausalKeys : IVisibleKeys
{
    public bool Visit(int firstPosition, int lastPosition, int key, int count) => key <= lastPosition;

    public (int From, int To) InBlock(int position, int key, int count) => (0, Math.Clamp(position - key + 1, 0, count));
}
