namespace Multihead.Kernels.Attention;

/// <summary>Every query sees every key of its span.</summary>
internal readonly struct AllKeys : IVisibleKeys
{
    public bool Visit(int firstPosition, int lastPosition, int key, int count) => true;

    public (int From, int To) InBlock(int position, int key, int count) => (0, count);
}
