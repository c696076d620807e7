using Multihead.Models;

namespace Multihead.Tests.Models;

/// <summary>Sequences of token numbers, and what each token should predict.</summary>
internal sealed record TokenBatch(int[] Ids, int[] Lengths, int[] Targets)
{
    public TokenSequences Inputs => new(Ids, Lengths);

    /// <summary>Random sequences of given lengths.</summary>
    public static TokenBatch Random(int seed, int vocabulary, params int[] lengths)
    {
        var random = new Random(seed);
        var count = lengths.Sum();
        return new TokenBatch(Draw(), lengths, Draw());

        int[] Draw() => [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }

    /// <summary>One of the sequences alone.</summary>
    public TokenBatch Pick(int index)
    {
        var first = Lengths.Take(index).Sum();
        var end = first + Lengths[index];
        return new TokenBatch(Ids[first..end], [Lengths[index]], Targets[first..end]);
    }
}
