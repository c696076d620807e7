using System.Globalization;

namespace Multihead.Text.Tokenizers;

/// <summary>Makes a tokenizer of a vocabulary's arrays.</summary>
internal static class VocabularyArraysReader
{
    /// <summary>Makes the tokenizer.</summary>
    /// <param name="arrays">The arrays, as read: nothing about them is taken for granted.</param>
    /// <param name="file">The file's path, for errors.</param>
    /// <exception cref="MultiheadException">The arrays don't fit each other, or are of a kind not known here.</exception>
    public static Tokenizer Read(VocabularyArrays arrays, string file)
    {
        Check(arrays, file);
        return arrays.Model switch
        {
            "llama" or "t5" => ReadPieces(arrays, file),
            "gpt2" => ReadBytePairs(arrays, file),
            _ => throw Refused(file, $"its kind is {Shown.Name(arrays.Model)}, where 'llama', 't5' and 'gpt2' are supported"),
        };
    }

    private static Tokenizer ReadPieces(VocabularyArrays arrays, string file)
    {
        var scores = arrays.Scores ?? throw Refused(file, "it has no scores");
        if (Array.FindIndex(scores, score => !float.IsFinite(score)) is >= 0 and var at)
            throw Refused(file, $"the score of token {at} is no finite number");
        var pieces = new Piece[arrays.Tokens.Length];
        for (var id = 0; id < pieces.Length; id++)
        {
            pieces[id] = new Piece(arrays.Tokens[id], scores[id], Type(arrays, id));
            if (pieces[id].Type == PieceType.Byte && pieces[id].ByteValue < 0)
                throw Refused(file, $"token {id} is {Shown.Name(pieces[id].Text)}, where <0x00> to <0xFF> was expected");
        }
        var unknown = arrays.Unknown ?? Array.FindIndex(pieces, piece => piece.Type == PieceType.Unknown);
        if (unknown < 0) throw Refused(file, "it has no unknown token");
        var map = arrays.CharacterMap is { Length: > 0 } blob
            ? CharacterMap.Read(blob) ?? throw Refused(file, "its character map is cut short") : null;
        return PieceTokenizer.Make(
            new PieceVocabulary(pieces, Unigram: arrays.Model == "t5", unknown),
            new PieceNormalizer(map, arrays.AddsSpacePrefix, arrays.RemovesExtraSpaces), Ends(arrays), arrays.Padding);
    }

    private static Tokenizer ReadBytePairs(VocabularyArrays arrays, string file)
    {
        var words = WordRules.Find(arrays.PreTokenizer) ?? throw Refused(
            file, $"how {Shown.Name(arrays.PreTokenizer!)} cuts words is not known here; known are {WordRules.Names}");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < arrays.Tokens.Length; id++) ids.TryAdd(arrays.Tokens[id], id);
        var byteIds = new int[256];
        for (var value = 0; value < 256; value++)
            byteIds[value] = ids.GetValueOrDefault(ByteAlphabet.Symbol((byte)value).ToString(), -1);
        var merges = ReadMerges(arrays.Merges ?? throw Refused(file, "it has no merges"), ids, file);

        var madeOfText = new HashSet<int>(byteIds.Concat(merges.Select(merge => merge.Result)));
        var added = new List<AddedToken>();
        for (var id = 0; id < arrays.Tokens.Length; id++)
            if (Type(arrays, id) is (PieceType.Control or PieceType.UserDefined) and var type && arrays.Tokens[id].Length > 0
                && !madeOfText.Contains(id)) added.Add(new AddedToken(id, arrays.Tokens[id], type == PieceType.Control));
        return new Tokenizer(
            new Vocabulary(arrays.Tokens, arrays.Tokens.Length, added),
            new TokenizerParts(new BytePairModel(byteIds, new MergeTable(merges)))
            {
                Words = words,
                Ends = Ends(arrays),
                Unknown = arrays.Unknown,
                Padding = arrays.Padding,
            });
    }

    private static List<Merge> ReadMerges(string[] lines, Dictionary<string, int> ids, string file)
    {
        var merges = new List<Merge>(lines.Length);
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ', Math.Min(1, line.Length));
            if (space < 0 || !ids.TryGetValue(line[..space], out var left) || !ids.TryGetValue(line[(space + 1)..], out var right)
                || !ids.TryGetValue(line.Remove(space, 1), out var result))
                throw Refused(file, $"merge {merges.Count}, {Shown.Name(line)}, is not two tokens that make a third");
            merges.Add(new Merge(left, right, result));
        }
        return merges;
    }

    private static TextEnds Ends(VocabularyArrays arrays) => new(
        arrays.Begin, arrays.End, arrays.AddsBegin && arrays.Begin is not null, arrays.AddsEnd && arrays.End is not null);

    private static PieceType Type(VocabularyArrays arrays, int id) =>
        arrays.Types is { } types ? (PieceType)types[id] : PieceType.Normal;

    private static void Check(VocabularyArrays arrays, string file)
    {
        var count = arrays.Tokens.Length;
        if ((arrays.Scores?.Length ?? count) != count || (arrays.Types?.Length ?? count) != count)
            throw Refused(file, string.Create(CultureInfo.InvariantCulture,
                $"it has {count} tokens, {arrays.Scores?.Length ?? count} scores and {arrays.Types?.Length ?? count} types"));
        foreach (var id in (int?[])[arrays.Begin, arrays.End, arrays.Unknown, arrays.Padding])
            if (id < 0 || id >= count) throw Refused(file, $"the special token {id} is not among its {count} tokens");
        if (arrays.Types is { } types && Array.FindIndex(types, type => type is < 1 or > 6) is >= 0 and var at)
            throw Refused(file, $"token {at} has the type {types[at]}, where 1 to 6 was expected");
        if (Array.FindIndex(arrays.Tokens, token => token.Length > PieceVocabulary.LongestPiece) is >= 0 and var longest)
            throw Refused(file, $"token {longest} has {arrays.Tokens[longest].Length} characters, above the limit of "
                + $"{PieceVocabulary.LongestPiece}");
    }

    private static MultiheadException Refused(string file, string problem) => new(
        $"The vocabulary of '{file}' cannot be used as a tokenizer: {problem}; fetch the file again or take another.");
}
