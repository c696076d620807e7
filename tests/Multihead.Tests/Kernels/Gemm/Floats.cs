using System.Runtime.InteropServices;

namespace Multihead.Tests.Kernels.Gemm;

/// <summary>Native floats at an address that is not aligned to any vector, with marked memory on both sides: a kernel that
/// writes outside is found by <see cref="AssertMarksUntouched"/>.</summary>
internal sealed unsafe class Floats : IDisposable
{
    public const float Mark = -7.0e30f;
    private const int MarkCount = 67;

    private readonly float* _memory;

    public Floats(long count)
    {
        Count = checked((int)count);
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)(Count + 2 * MarkCount) * sizeof(float), 64);
        Pointer = _memory + MarkCount;
        new Span<float>(_memory, Count + 2 * MarkCount).Fill(Mark);
    }

    public Floats(ReadOnlySpan<float> values) : this(values.Length) => values.CopyTo(Span);

    public float* Pointer { get; }
    public int Count { get; }
    public Span<float> Span => new(Pointer, Count);

    /// <summary>Values from -1 to 1 with a few exact zeros.</summary>
    public static Floats Random(Random random, long count)
    {
        var floats = new Floats(count);
        foreach (ref var value in floats.Span) value = random.Next(50) == 0 ? 0 : random.NextSingle() * 2 - 1;
        return floats;
    }

    public void AssertMarksUntouched()
    {
        for (var i = 0; i < MarkCount; i++)
            if (_memory[i] != Mark || Pointer[Count + i] != Mark) Assert.Fail("memory outside was written");
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
