namespace Multihead.Training.Batches;

/// <summary>Sentence pairs as token numbers, without marks: what batches are cut from.</summary>
internal sealed class EncodedCorpus
{
    private readonly List<int> _ids = [];
    private readonly List<int> _starts = [0]; // source i at [2i], target i at [2i + 1]

    /// <summary>Number of pairs.</summary>
    public int Count => (_starts.Count - 1) / 2;

    /// <summary>Tokens of all sources and targets.</summary>
    public long TokenCount => _ids.Count;

    /// <summary>The ids of source <paramref name="pair"/>.</summary>
    public ReadOnlySpan<int> Source(int pair) => Piece(2 * pair);

    /// <summary>The ids of target <paramref name="pair"/>.</summary>
    public ReadOnlySpan<int> Target(int pair) => Piece(2 * pair + 1);

    /// <summary>Appends a pair.</summary>
    public void Add(ReadOnlySpan<int> source, ReadOnlySpan<int> target)
    {
        _ids.AddRange(source);
        _starts.Add(_ids.Count);
        _ids.AddRange(target);
        _starts.Add(_ids.Count);
    }

    private ReadOnlySpan<int> Piece(int index) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids)[_starts[index].._starts[index + 1]];
}
