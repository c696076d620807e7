using System.Buffers;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Turns text into token ids and back: byte-level BPE as GPT-2 has it, lossless for every well-formed string,
/// or what a foreign file has (SentencePiece, tiktoken). Learned by <see cref="BytePairLearner"/> or read by <see
/// cref="Load"/>. Safe for use by many threads.
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
    private readonly TokenizerParts _parts;

    /// <param name="vocabulary">All tokens.</param>
    /// <param name="parts">What texts go through.</param>
    internal Tokenizer(Vocabulary vocabulary, TokenizerParts parts)
    {
        Vocabulary = vocabulary;
        _parts = parts;
        _finder = new AddedTokenFinder(vocabulary.Added);
    }

    /// <summary>Byte-level BPE over GPT-2's words, the kind that is learned here and written.</summary>
    /// <param name="vocabulary">All tokens.</param>
    /// <param name="model">Encodes words, to ids of the vocabulary that aren't special.</param>
    /// <param name="ends">The tokens at a text's ends; the rest is filled in here.</param>
    internal Tokenizer(Vocabulary vocabulary, BytePairModel model, TextEnds ends)
        : this(vocabulary, new TokenizerParts(model) { Words = WordScanner.End, Ends = ends })
    {
    }

    /// <summary>The number of tokens; ids are 0 to one less.</summary>
    public int VocabularySize => Vocabulary.Count;

    /// <summary>The id of the token that ends a text: the one that the file names, else <c>&lt;/s&gt;</c>.</summary>
    /// <exception cref="MultiheadException">The vocabulary has no such token.</exception>
    public int EndOfSentenceId => EndOfTextId ?? RequiredId(EndOfSentence);

    /// <summary>The id of the token that begins a text, null where there is none. <see cref="Encode(string)"/> doesn't add
    /// it.</summary>
    public int? BeginOfTextId => _parts.Ends.Begin;

    /// <summary>The id of the token that ends a text, null where there is none. <see cref="Encode(string)"/> doesn't add
    /// it.</summary>
    public int? EndOfTextId => _parts.Ends.End;

    /// <summary>Whether the file asks that <see cref="BeginOfTextId"/> be put before each text.</summary>
    public bool AddsBeginOfText => _parts.Ends.AddsBegin;

    /// <summary>Whether the file asks that <see cref="EndOfTextId"/> be put after each text.</summary>
    public bool AddsEndOfText => _parts.Ends.AddsEnd;

    /// <summary>The id of <c>&lt;pad&gt;</c>.</summary>
    /// <exception cref="MultiheadException">The vocabulary has no such token.</exception>
    public int PaddingId => _parts.Padding ?? RequiredId(Padding);

    /// <summary>The id of the unknown token: the one that the file names, else <c>&lt;unk&gt;</c>. Where all bytes have tokens
    /// <see cref="Encode(string)"/> never needs it.</summary>
    /// <exception cref="MultiheadException">The vocabulary has no such token.</exception>
    public int UnknownId => _parts.Unknown ?? RequiredId(Unknown);

    internal Vocabulary Vocabulary { get; }

    internal TokenizerParts Parts => _parts;

    internal BytePairModel Model => (BytePairModel)_parts.Model;

    /// <summary>Reads a Hugging Face <c>tokenizer.json</c> that is byte-level BPE or SentencePiece's BPE or
    /// unigram, a SentencePiece <c>.model</c>, or a
    /// <c>.tiktoken</c> file under its published name. Truncation, padding and the tokens that a post-processor adds are for
    /// others' use: <see cref="Encode(string)"/> does none of it.</summary>
    /// <param name="path">The file, or the folder that has a tokenizer.json.</param>
    /// <exception cref="MultiheadException">The file is missing, damaged, too large, or of a kind not known here; names the
    /// file and the field or byte.</exception>
    public static Tokenizer Load(string path) => Path.GetExtension(path) switch
    {
        ".model" when !Directory.Exists(path) => SentencePieceReader.Read(path),
        ".tiktoken" when !Directory.Exists(path) => TiktokenReader.Read(path),
        _ => TokenizerJsonReader.Read(path),
    };

    /// <summary>Writes a Hugging Face <c>tokenizer.json</c>, whole or not at all.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <exception cref="MultiheadException">The file cannot be written, or the tokenizer was read from a tiktoken file or the
    /// like, which this format says otherwise.</exception>
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
        var first = true;
        for (int start; (start = _finder.Find(text, out var token)) >= 0; text = text[(start + token!.Content.Length)..])
        {
            EncodeText(text[..start], first, last: false, ids);
            ids.Add(token!.Id);
            first = false;
        }
        EncodeText(text, first, last: true, ids);
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
        var skip = _parts.DropsFirstSpace && at > 0 && rented[0] == ' ' && FirstOf(ids) != _parts.Unknown ? 1 : 0;
        var text = Encoding.UTF8.GetString(rented, skip, at - skip);
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

    /// <summary>The first token that gives bytes; there is one.</summary>
    private int FirstOf(ReadOnlySpan<int> ids)
    {
        var at = 0;
        while (BytesOf(ids[at]).IsEmpty) at++;
        return ids[at];
    }

    private void EncodeText(ReadOnlySpan<char> text, bool first, bool last, List<int> ids)
    {
        if (_parts.Normalizer is { } normalizer) text = normalizer.Normalize(text, first, last);
        if (_parts.Words is { } words) EncodeWords(text, words, ids);
        else if (!text.IsEmpty) EncodeWord(text, ids);
    }

    private void EncodeWords(ReadOnlySpan<char> text, WordEnd words, List<int> ids)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = words(text, start);
            EncodeWord(text[start..end], ids);
        }
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > WordCache.LongestWord)
        {
            _parts.Model.Encode(word, ids);
        }
        else if (_cache.TryGet(word, out var known))
        {
            if (known.Length == 1) ids.Add(known[0]);
            else ids.AddRange(known);
        }
        else
        {
            var start = ids.Count;
            _parts.Model.Encode(word, ids);
            _cache.Set(word, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[start..]);
        }
    }

    private int Checked(int id) => (uint)id < (uint)VocabularySize ? id : throw new MultiheadException(
        $"Token id {id} is outside the vocabulary, whose ids are 0 to {VocabularySize - 1}; use the model and the tokenizer "
        + "of one checkpoint.");

    private int RequiredId(string token) => TokenToId(token) ?? throw new MultiheadException(
        $"The tokenizer has no token '{token}', which this use of it needs; take one that has it, or learn one anew.");
}
