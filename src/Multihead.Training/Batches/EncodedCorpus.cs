using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Multihead.Text.Corpora;
using Multihead.Text.Tokenizers;

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

    /// <summary>Encodes the pairs whose sides have fewer than <paramref name="longest"/> tokens; others are counted.</summary>
    public static EncodedCorpus Of(IReadOnlyList<SentencePair> pairs, Tokenizer tokenizer, int longest, out int tooLong)
    {
        var corpus = new EncodedCorpus();
        tooLong = 0;
        foreach (var pair in pairs)
        {
            var (source, target) = (tokenizer.Encode(pair.Source), tokenizer.Encode(pair.Target));
            if (source.Length < longest && target.Length < longest) corpus.Add(source, target);
            else tooLong++;
        }
        return corpus;
    }

    /// <summary>The SHA-256 of several corpora: equal where all their pairs are the same tokens in the same order.</summary>
    public static string Fingerprint(params ReadOnlySpan<EncodedCorpus> corpora)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var corpus in corpora)
        {
            hash.AppendData(BitConverter.GetBytes(corpus.Count));
            hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(corpus._starts)));
            hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(corpus._ids)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

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

    private ReadOnlySpan<int> Piece(int index) => CollectionsMarshal.AsSpan(_ids)[_starts[index].._starts[index + 1]];
}
