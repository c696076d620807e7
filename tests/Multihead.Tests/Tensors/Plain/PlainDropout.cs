using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tests.Tensors.Plain;

/// <summary>The masks of dropout by their definition, numbered as a workspace numbers them: each operation that drops out takes
/// the next stream of the step's seed.</summary>
/// <param name="seed">Of the step; null where dropout is off.</param>
internal sealed class PlainDropout(ulong? seed)
{
    private ulong _stream;

    /// <summary>Element i is kept where word i of the stream is at least rate * 2^32.</summary>
    public PlainMatrix Apply(PlainMatrix x, float rate)
    {
        if (seed is not { } key || rate == 0) return x;
        var y = new PlainMatrix(x.Rows, x.Columns);
        for (var i = 0; i < x.Data.Length; i++)
            if (Word(i % 4, Philox.Block((ulong)i / 4, _stream, key)) >= Math.Round(rate * (double)(1L << 32)))
                y.Data[i] = x.Data[i] / (1 - (double)rate);
        _stream++;
        return y;
    }

    /// <summary>The factors of one attention, by (query row, head, key of the span): key j of a block of 64 takes the lower half
    /// of word j, or the upper half of word j - 32.</summary>
    public Func<int, int, int, double> Attention(float rate, int heads)
    {
        if (seed is not { } key || rate == 0) return static (_, _, _) => 1;
        var (stream, dropped) = (_stream++, Math.Round(rate * 65536.0));
        return (row, head, j) =>
        {
            var counter = ((ulong)((long)row * heads + head) << 28) + (ulong)(j / 64 * 8 + j % 32 / 4);
            var word = Word(j % 4, Philox.Block(counter, stream, key));
            return (j % 64 < 32 ? word & 0xFFFF : word >> 16) < dropped ? 0 : 65536.0 / (65536 - dropped);
        };
    }

    private static uint Word(int index, (uint Word0, uint Word1, uint Word2, uint Word3) words) =>
        index switch { 0 => words.Word0, 1 => words.Word1, 2 => words.Word2, _ => words.Word3 };
}
