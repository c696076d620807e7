using System.Runtime.InteropServices;

namespace Multihead.Training;

/// <summary>The optimizer's running means of gradients and of their squares, flat as the parameters are.</summary>
internal sealed unsafe class AdamMoments : IDisposable
{
    /// <summary>Zero for <paramref name="count"/> parameters.</summary>
    public AdamMoments(long count)
    {
        First = (float*)NativeMemory.AlignedAlloc((nuint)(2 * count * sizeof(float)), 64);
        Second = First + count;
        NativeMemory.Clear(First, (nuint)(2 * count * sizeof(float)));
    }

    public float* First { get; private set; }

    public float* Second { get; private set; }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(First);
        First = Second = null;
    }
}
