using System.Runtime.InteropServices;

namespace Multihead.Tests.Kernels;

/// <summary>Floats outside the managed heap that begin at an odd place (not aligned to any vector) between guards;
/// disposing fails the test if a kernel wrote outside.</summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const int Guard = 32;
    private const float Untouched = -7.25e11f;
    private readonly float* _memory;

    public FloatBuffer(long count, int misalignment = 1)
    {
        Count = checked((int)count);
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(Count + 2 * Guard) * sizeof(float), 64);
        new Span<float>(_memory, Count + 2 * Guard).Fill(Untouched);
        Pointer = _memory + Guard - misalignment;
        Span.Clear();
    }

    public FloatBuffer(ReadOnlySpan<float> values, int misalignment = 1) : this(values.Length, misalignment) =>
        values.CopyTo(Span);

    public int Count { get; }
    public float* Pointer { get; }
    public Span<float> Span => new(Pointer, Count);
    public float this[int index] => Span[index];

    /// <summary>Random values, uniform in +-<paramref name="range"/>.</summary>
    public static FloatBuffer Random(Random random, long count, double range = 3)
    {
        var buffer = new FloatBuffer(count);
        foreach (ref var value in buffer.Span) value = (float)((random.NextDouble() * 2 - 1) * range);
        return buffer;
    }

    public static implicit operator float*(FloatBuffer buffer) => buffer.Pointer;

    public float[] ToArray() => Span.ToArray();

    public void Dispose()
    {
        var before = new ReadOnlySpan<float>(_memory, (int)(Pointer - _memory));
        var after = new ReadOnlySpan<float>(Pointer + Count, Guard);
        var touched = before.ContainsAnyExcept(Untouched) || after.ContainsAnyExcept(Untouched);
        NativeMemory.AlignedFree(_memory);
        Assert.False(touched, "a kernel wrote outside its buffer");
    }
}
