using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Multihead.Kernels.Attention;

/// <summary>Working memory of one thread, kept from call to call and freed some time after the thread has ended. It grows with
/// the longest span, in the backward pass alone; see there.</summary>
internal sealed unsafe class AttentionScratch
{
    private const int Alignment = 64; // a cache line, and the widest vector

    [ThreadStatic]
    private static AttentionScratch? _ofThread;

    private float* _memory;
    private long _capacity;
    private long _taken;

    ~AttentionScratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>This thread's scratch with room for <paramref name="floats"/>; what was taken from it before is given
    /// up.</summary>
    public static AttentionScratch Begin(long floats)
    {
        var scratch = _ofThread ??= new AttentionScratch();
        if (scratch._capacity < floats) scratch.Grow(floats);
        scratch._taken = 0;
        return scratch;
    }

    /// <summary>The next <paramref name="floats"/> floats, with any content; a multiple of 16 keeps the following
    /// aligned.</summary>
    public float* Take(long floats)
    {
        var start = _memory + _taken;
        _taken += floats;
        Debug.Assert(_taken <= _capacity, "More scratch taken than asked for.");
        return start;
    }

    private void Grow(long floats)
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _capacity = 0;
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)floats * sizeof(float), Alignment);
        _capacity = floats;
    }
}
