using System.Buffers.Binary;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Reads the tokenizer file of llama2.c (https://github.com/karpathy/llama2.c, <c>tokenizer.py</c>): an int32 (the
/// longest token's bytes), then of each token its score (float32), its length (int32), its bytes; all little-endian. 0 is
/// unknown, 1 begins a text, 2 ends it, 3 to 258 are the bytes.</summary>
internal static class Llama2cTokenizerReader
{
    private const int LargestFile = 128 << 20;
    private const int FirstByte = 3;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabularySize">How many tokens it has, which it doesn't say itself: the model does.</param>
    /// <exception cref="MultiheadException">The file is missing, damaged, or has another number of tokens.</exception>
    public static Tokenizer Read(string path, int vocabularySize)
    {
        var bytes = InputFile.ReadBytes(path, LargestFile);
        if (vocabularySize < FirstByte + 256 || bytes.Length < 4 + 8L * vocabularySize)
            throw Refused($"{vocabularySize} tokens were asked of its {bytes.Length} bytes");
        var pieces = new Piece[vocabularySize];
        var at = 4;
        for (var id = 0; id < vocabularySize; id++)
        {
            if (at > bytes.Length - 8) throw Refused($"it ends before token {id} of {vocabularySize}");
            var score = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at));
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            at += 8;
            if (length < 0 || length > Math.Min(bytes.Length - at, PieceVocabulary.LongestPiece))
                throw Refused($"token {id} has {length} bytes (at byte {at - 4})");
            if (!float.IsFinite(score)) throw Refused($"token {id} has a score that is no finite number (at byte {at - 8})");
            pieces[id] = MakePiece(id, Encoding.UTF8.GetString(bytes, at, length), score);
            at += length;
        }
        if (at != bytes.Length) throw Refused($"{bytes.Length - at} bytes follow token {vocabularySize - 1}, the last");
        var normalizer = new PieceNormalizer(null, AddsPrefix: true, RemovesExtraSpaces: false);
        return PieceTokenizer.Make(
            new PieceVocabulary(pieces, Unigram: false, Unknown: 0), normalizer, new TextEnds(1, 2, AddsBegin: true));

        MultiheadException Refused(string problem) => new($"'{path}' cannot be used as a llama2.c tokenizer: {problem}; take the "
            + "file and the vocabulary size of one model.");
    }

    /// <summary>The file has spaces where SentencePiece has '▁', and its exporter puts the two ends between line
    /// breaks.</summary>
    private static Piece MakePiece(int id, string text, float score) => id switch
    {
        0 => new Piece(text, score, PieceType.Unknown),
        < FirstByte => new Piece(text.Trim('\n'), score, PieceType.Control),
        < FirstByte + 256 => new Piece($"<0x{id - FirstByte:X2}>", score, PieceType.Byte),
        _ => new Piece(text.Replace(' ', PieceNormalizer.Space), score, PieceType.Normal),
    };
}
