using Multihead.Kernels.RandomNumbers;

namespace Multihead.Training.Benchmarks;

/// <summary>Sequences of equal length made of random tokens, the same in every process.</summary>
internal sealed class RandomBatch
{
    private const ulong Seed = 2;

    /// <param name="vocabularySize">Tokens are drawn evenly from 0 to below it.</param>
    /// <param name="sequences">Sequences, or pairs of them.</param>
    /// <param name="length">Tokens of each, on each side.</param>
    /// <param name="hasSources">Whether there are pairs.</param>
    public RandomBatch(int vocabularySize, int sequences, int length, bool hasSources)
    {
        Sequences = sequences;
        Lengths = [.. Enumerable.Repeat(length, sequences)];
        Sources = hasSources ? Draw(0) : [];
        (Inputs, Targets) = (Draw(1), Draw(2));

        int[] Draw(ulong stream)
        {
            var random = new PhiloxGenerator(Seed, stream);
            return [.. Enumerable.Range(0, sequences * length).Select(_ => random.NextInt(vocabularySize))];
        }
    }

    public int Sequences { get; }

    public int[] Lengths { get; }

    /// <summary>What an encoder reads; empty without pairs.</summary>
    public int[] Sources { get; }

    /// <summary>What the decoder reads.</summary>
    public int[] Inputs { get; }

    /// <summary>What each of the inputs should predict.</summary>
    public int[] Targets { get; }

    /// <summary>All that there is, by name.</summary>
    public IEnumerable<(string Name, int[] Ids)> Parts =>
        new[] { ("sources", Sources), ("inputs", Inputs), ("targets", Targets) }.Where(part => part.Item2.Length > 0);
}
