using System.Runtime.InteropServices;

namespace Multihead.Kernels.Gemm;

/// <summary>Where a thread packs the blocks of the product it is at: always the same memory, so that it stays in the thread's own
/// cache from one product to the next. It lives as long as the thread.</summary>
internal sealed unsafe class PanelMemory
{
    [ThreadStatic] private static PanelMemory? _own;

    private readonly float* _memory;

    private PanelMemory() =>
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(LeftBlock.MaxWords + RightBlock.MaxWords) * sizeof(float), 64);

    ~PanelMemory() => NativeMemory.AlignedFree(_memory);

    public static PanelMemory OfThisThread => _own ??= new PanelMemory();

    /// <summary><see cref="LeftBlock.MaxWords"/> words.</summary>
    public float* Left => _memory;

    /// <summary><see cref="RightBlock.MaxWords"/> words.</summary>
    public float* Right => _memory + LeftBlock.MaxWords;
}
