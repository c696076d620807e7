using System.Buffers;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Turns text into token ids and back: byte-level BPE as GPT-2 has it, lossless for every well-formed string.
/// Learned by <see cref="BytePairLearner"/> or read from a Hugging Face <c>tokenizer.json</c>. Safe for use by many threads.
/// <para>Special tokens never come out of text: where it spells one, as in <c>"a &lt;/s&gt; b"</c>, that is encoded like any
/// other characters, so that text from strangers cannot steer the model (Hugging Face would find the token). For the same
/// reason nothing is added at the ends; who runs the model appends <see cref="EndOfSentenceId"/>.</para></summary>
public sealed class Tokenizer
{
    internal const string EndOfSentence = "</s>";
    internal const string Unknown = "<unk>";
    internal const string Padding = "<pad>";

    private readonly AddedTokenFinder _finder;
    private readonly WordCache _cache = new();

    /// <param name="vocabulary">All tokens.</param>
    /// <param name="model">Encodes words, to ids of the vocabulary that aren't special.</param>
    /// <param name="endsSentences">Whether its tokenizer.json has Hugging Face append the end of sentence.</param>
    internal Tokenizer(Vocabulary vocabulary, BytePairModel model, bool endsSentences)
    {
        Vocabulary = vocabulary;
        Model = model;
        EndsSentences = endsSentences;
        _finder = new AddedTokenFinder(vocabulary.Added);
    }

    /// <summary>The number of tokens; ids are 0 to one less.</summary>
    public int VocabularySize => Vocabulary.Count;

    /// <summary>The id of <c>&lt;/s&gt;</c>.</summary>
    /// <exception cref="MultiheadException">The vocabulary has no such token.</exception>
    public int EndOfSentenceId => RequiredId(EndOfSentence);

    /// <summary>The id of <c>&lt;pad&gt;</c>.</summary>
    /// <exception cref="MultiheadException">The vocabulary has no such token.</exception>
    public int PaddingId => RequiredId(Padding);

    /// <summary>The id of <c>&lt;unk&gt;</c>, which <see cref="Encode(string)"/> never needs: all bytes have tokens.</summary>
    /// <exception cref="MultiheadException">The vocabulary has no such token.</exception>
    public int UnknownId => RequiredId(Unknown);

    internal Vocabulary Vocabulary { get; }

    internal BytePairModel Model { get; }

    internal bool EndsSentences { get; }

    /// <summary>Reads a Hugging Face <c>tokenizer.json</c> whose parts are byte-level BPE. Its truncation, padding and the
    /// tokens that its post-processor adds are for Hugging Face's use: <see cref="Encode(string)"/> does none of it.</summary>
    /// <param name="path">The file, or the folder that has it.</param>
    /// <exception cref="MultiheadException">The file is missing, damaged, too large, or of a kind not known here; names the
    /// file and the field or byte.</exception>
    public static Tokenizer Load(string path) => TokenizerJsonReader.Read(path);

    /// <summary>Writes a Hugging Face <c>tokenizer.json</c>, whole or not at all.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <exception cref="MultiheadException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => TokenizerJsonWriter.Write(this, stream));

    /// <summary>The ids of the text's tokens; a lone surrogate is encoded as U+FFFD.</summary>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3 + 8);
        Encode(text.AsSpan(), ids);
        return [.. ids];
    }

    /// <summary>Appends the ids of the text's tokens to <paramref name="ids"/>; a lone surrogate is encoded as U+FFFD.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        for (int start; (start = _finder.Find(text, out var token)) >= 0; text = text[(start + token!.Content.Length)..])
        {
            EncodeWords(text[..start], ids);
            ids.Add(token!.Id);
        }
        EncodeWords(text, ids);
    }

    /// <summary>The text of the tokens. Special ones give nothing; bytes that are not UTF-8, as half a character's are, give
    /// U+FFFD.</summary>
    /// <exception cref="MultiheadException">An id is outside the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var length = 0;
        foreach (var id in ids) length = checked(length + BytesOf(id).Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var at = 0;
        foreach (var id in ids)
        {
            var bytes = BytesOf(id);
            bytes.CopyTo(rented.AsSpan(at));
            at += bytes.Length;
        }
        var text = Encoding.UTF8.GetString(rented, 0, at);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    /// <summary>The id of a token by its spelling (where a space is 'Ġ'), or null.</summary>
    public int? TokenToId(string token) => Vocabulary.TryGetId(token, out var id) ? id : null;

    /// <summary>The spelling of a token (where a space is 'Ġ').</summary>
    /// <exception cref="MultiheadException">The id is outside the vocabulary.</exception>
    public string IdToToken(int id) => Vocabulary[Checked(id)];

    /// <summary>The UTF-8 bytes that a token adds to a text: maybe a part of a character only; none for a special one.</summary>
    internal ReadOnlySpan<byte> BytesOf(int id) => Vocabulary.Bytes(Checked(id));

    private void EncodeWords(ReadOnlySpan<char> text, List<int> ids)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = WordScanner.End(text, start);
            EncodeWord(text[start..end], ids);
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > WordCache.LongestWord)
        {
            Model.Encode(word, ids);
        }
        else if (_cache.TryGet(word, out var known))
        {
            if (known.Length == 1) ids.Add(known[0]);
            else ids.AddRange(known);
        }
        else
        {
            var start = ids.Count;
            Model.Encode(word, ids);
            _cache.Set(word, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[start..]);
        }
    }

    private int Checked(int id) => (uint)id < (uint)VocabularySize ? id : throw new MultiheadException(
        $"Token id {id} is outside the vocabulary, whose ids are 0 to {VocabularySize - 1}; use the model and the tokenizer "
        + "of one checkpoint.");

    private int RequiredId(string token) => TokenToId(token) ?? throw new MultiheadException(
        $"The tokenizer has no token '{token}', which this use of it needs; take one that has it, or learn one anew.");
}
