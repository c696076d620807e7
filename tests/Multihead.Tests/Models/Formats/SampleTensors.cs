using System.Runtime.InteropServices;

namespace Multihead.Tests.Models.Formats;

/// <summary>Tensors with seeded bits (NaNs, infinities and denormals among them) in native memory.</summary>
internal sealed unsafe class SampleTensors : IDisposable
{
    private readonly List<nint> _blocks = [];

    public List<Multihead.Models.Formats.TensorSource> Sources { get; } = [];

    public SampleTensors(int seed, params (string Name, long[] Shape)[] tensors)
    {
        var random = new Random(seed);
        foreach (var (name, shape) in tensors)
        {
            var count = (int)shape.Aggregate(1L, (product, size) => product * size);
            var block = (nint)NativeMemory.Alloc((nuint)Math.Max(count, 1), sizeof(float));
            random.NextBytes(new Span<byte>((void*)block, count * sizeof(float)));
            _blocks.Add(block);
            Sources.Add(new(name, shape, block));
        }
    }

    /// <summary>The bits of a tensor.</summary>
    public ReadOnlySpan<uint> Bits(string name)
    {
        var source = Sources.Single(source => source.Name == name);
        return new ReadOnlySpan<uint>((void*)source.Data, (int)(source.ByteCount / sizeof(float)));
    }

    public void Dispose()
    {
        foreach (var block in _blocks) NativeMemory.Free((void*)block);
    }
}
