using Multihead.Models;

namespace Multihead.Tests.Models;

/// <summary>Sentence pairs as token numbers: what a model reads, what it has written so far, and what it should write next.
/// </summary>
internal sealed class SentenceBatch(IReadOnlyList<(int[] Source, int[] Input, int[] Target)> pairs)
{
    private readonly int[] _sourceIds = [.. pairs.SelectMany(p => p.Source)];
    private readonly int[] _sourceLengths = [.. pairs.Select(p => p.Source.Length)];
    private readonly int[] _inputIds = [.. pairs.SelectMany(p => p.Input)];
    private readonly int[] _inputLengths = [.. pairs.Select(p => p.Input.Length)];

    public IReadOnlyList<(int[] Source, int[] Input, int[] Target)> Pairs { get; } = pairs;

    public TokenSequences Sources => new(_sourceIds, _sourceLengths);

    public TokenSequences Inputs => new(_inputIds, _inputLengths);

    public int[] Targets { get; } = [.. pairs.SelectMany(p => p.Target)];

    /// <summary>Random sentences of given lengths.</summary>
    public static SentenceBatch Random(int seed, int vocabulary, params ReadOnlySpan<(int Source, int Target)> lengths)
    {
        var random = new Random(seed);
        var pairs = new List<(int[], int[], int[])>();
        foreach (var (source, target) in lengths) pairs.Add((Draw(source), Draw(target), Draw(target)));
        return new SentenceBatch(pairs);

        int[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];
    }

    /// <summary>Some of the sentences, in that order.</summary>
    public SentenceBatch Pick(params IEnumerable<int> order) => new([.. order.Select(i => Pairs[i])]);
}
