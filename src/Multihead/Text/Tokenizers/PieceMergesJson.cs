using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Turns the merges of a tokenizer.json back into SentencePiece's scores: a piece has minus the rank of the first merge
/// that makes it.</summary>
internal static class PieceMergesJson
{
    /// <summary>The pieces by id; a piece of several characters that no merge makes is never made of text.</summary>
    public static List<Piece> Read(JsonField model)
    {
        if (model.Optional("dropout") is { } dropout) throw dropout.Defect("is not null, which is not supported");
        model.RefuseUnless("ignore_merges", expected: false, otherwise: false);
        model.RefuseUnless("fuse_unk", expected: true, otherwise: false);
        var vocabulary = model.Required("vocab");
        var tokens = BytePairJson.ReadTokens(vocabulary.Members());
        var known = new HashSet<string>(tokens, StringComparer.Ordinal);
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        var last = "";
        foreach (var item in model.Required("merges").Items())
        {
            var (left, right) = BytePairJson.ReadPair(item);
            if (!known.Contains(left + right))
                throw item.Defect($"makes {Shown.Name(left + right)}, which the vocabulary lacks");
            if (left + right != last && !ranks.TryAdd(last = left + right, ranks.Count))
                throw item.Defect($"makes {Shown.Name(last)} again after other tokens, so that no score orders the merges");
        }
        var pieces = new List<Piece>(tokens.Length);
        foreach (var token in tokens)
        {
            PieceJson.CheckLength(vocabulary, token);
            var made = ranks.TryGetValue(token, out var rank);
            var single = Rune.DecodeFromUtf16(token, out _, out var length) == 0 && length == token.Length;
            pieces.Add(new Piece(token, made ? -rank : 0, made || single ? PieceType.Normal : PieceType.Unused));
        }
        return pieces;
    }

    /// <summary>Refuses merges that leave out a way to make a piece of two others, which scores would take.</summary>
    public static void Check(JsonField merges, PieceVocabulary kind)
    {
        var known = kind.Mergeable();
        var listed = new HashSet<(string, string)>();
        foreach (var item in merges.Items())
        {
            var (left, right) = BytePairJson.ReadPair(item);
            listed.Add((left, right));
        }
        foreach (var piece in known.Keys)
            foreach (var (left, right) in PieceVocabulary.Splits(piece, known))
                if (!listed.Contains((left, right)))
                    throw merges.Defect($"lack {Shown.Name(left)} and {Shown.Name(right)}, which together are a token: BPE over "
                        + "characters is supported as SentencePiece has it, with all such merges");
    }
}
