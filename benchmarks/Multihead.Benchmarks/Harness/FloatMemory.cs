using System.Runtime.InteropServices;

namespace Multihead.Benchmarks.Harness;

/// <summary>Floats outside of the managed heap, aligned to cache lines, zero at first.</summary>
internal sealed unsafe class FloatMemory : IDisposable
{
    public FloatMemory(long count)
    {
        Count = checked((int)count);
        Data = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        Span.Clear();
    }

    /// <summary>An array of the inputs.</summary>
    public FloatMemory(Exchange inputs, string name, long count) : this(count) => inputs.Read(name, Span);

    public float* Data { get; }

    public int Count { get; }

    public Span<float> Span => new(Data, Count);

    public void Dispose() => NativeMemory.AlignedFree(Data);
}
