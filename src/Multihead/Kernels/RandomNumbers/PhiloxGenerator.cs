namespace Multihead.Kernels.RandomNumbers;

/// <summary>A sequence of random numbers for initialising, shuffling and sampling. Its whole state is seed, stream and
/// position: a generator made from the three goes on where another stood.</summary>
internal sealed class PhiloxGenerator
{
    private (uint Word0, uint Word1, uint Word2, uint Word3) _block;
    private ulong _blockIndex;

    /// <summary>A generator at word <paramref name="position"/> of a stream; streams of one seed are independent.</summary>
    public PhiloxGenerator(ulong seed, ulong stream, ulong position = 0)
    {
        Seed = seed;
        MoveTo(stream, position);
    }

    public ulong Seed { get; }
    public ulong Stream { get; private set; }

    /// <summary>Words drawn so far.</summary>
    public ulong Position { get; private set; }

    /// <summary>Goes to a place in another stream of the seed.</summary>
    public void MoveTo(ulong stream, ulong position = 0)
    {
        (Stream, Position) = (stream, position);
        _blockIndex = position / 4;
        _block = Philox.Block(_blockIndex, stream, Seed);
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt()
    {
        if (Position / 4 != _blockIndex)
        {
            _blockIndex = Position / 4;
            _block = Philox.Block(_blockIndex, Stream, Seed);
        }
        return (Position++ % 4) switch
        {
            0 => _block.Word0,
            1 => _block.Word1,
            2 => _block.Word2,
            _ => _block.Word3,
        };
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public float NextFloat() => (NextUInt() >> 8) * (1f / (1 << 24));

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller's transform of two words; at most 6.66 from 0.</summary>
    public float NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log((NextUInt() + 1.0) / (1L << 32)));
        return (float)(radius * Math.Cos(NextUInt() * (2 * Math.PI / (1L << 32))));
    }

    /// <summary>Uniform in 0..<paramref name="bound"/>-1, without bias (Lemire, "Fast Random Integer Generation in an
    /// Interval", https://arxiv.org/abs/1805.10941).</summary>
    /// <param name="bound">At least 1.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var product = (ulong)NextUInt() * range;
        if ((uint)product < range)
            for (var rejected = (0u - range) % range; (uint)product < rejected;) product = (ulong)NextUInt() * range;
        return (int)(product >> 32);
    }
}
