using Multihead.Kernels.RandomNumbers;

namespace Multihead.Inference.Decoding.Sampling;

/// <summary>One candidate by chance, each as often as its weight says. The random number of a step depends on the seed and the
/// step alone, so that any step can be drawn again by itself.</summary>
internal static class Draw
{
    private const ulong Stream = 0x73616d706c65; // "sample": unlike every other use of a seed

    public static int From(Candidates candidates, ulong seed, int step)
    {
        var items = candidates.Items;
        var left = Uniform(seed, step) * candidates.TotalWeight();
        var chosen = items[^1].Id;
        for (var i = items.Length - 1; i >= 0 && left >= 0; i--)
        {
            if (items[i].Weight == 0) continue; // nor by a rounded sum
            (left, chosen) = (left - items[i].Weight, items[i].Id);
        }
        return chosen;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    private static double Uniform(ulong seed, int step)
    {
        var (low, high, _, _) = Philox.Block((ulong)step, Stream, seed);
        return (((ulong)high << 32 | low) >> 11) * (1.0 / (1L << 53));
    }
}
