namespace Multihead.Text.Tokenizers;

/// <summary>Reads SentencePiece's <c>.model</c>, BPE or unigram: the protobuf message <c>ModelProto</c> of
/// https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto.</summary>
internal static class SentencePieceReader
{
    private const int LargestFile = 128 << 20;

    /// <summary>Reads the file.</summary>
    public static Tokenizer Read(string path)
    {
        var bytes = InputFile.ReadBytes(path, LargestFile);
        var model = new ProtobufReader(path, bytes, 0);
        var pieces = new List<Piece>();
        var trainer = new Trainer(Unigram: true, Begin: 1, End: 2, Padding: -1);
        var normalizer = new PieceNormalizer(null, AddsPrefix: true, RemovesExtraSpaces: true);
        while (model.Read())
            switch (model.Field)
            {
                case 1: pieces.Add(ReadPiece(model.Message())); break;
                case 2: trainer = ReadTrainer(model.Message(), trainer); break;
                case 3: normalizer = ReadNormalizer(model.Message(), normalizer); break;
            }
        return Make(path, pieces, trainer, normalizer);
    }

    private static Tokenizer Make(string path, List<Piece> pieces, Trainer trainer, PieceNormalizer normalizer)
    {
        var unknown = pieces.FindIndex(piece => piece.Type == PieceType.Unknown);
        if (unknown < 0 || pieces.FindLastIndex(piece => piece.Type == PieceType.Unknown) != unknown)
            throw Refused("has not exactly one unknown piece");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var piece in pieces)
        {
            if (piece.Text.Length == 0 || !seen.Add(piece.Text))
                throw Refused($"has a piece that is empty or stands there twice, {Shown.Name(piece.Text)}");
            if (piece.Text.Length > PieceVocabulary.LongestPiece)
                throw Refused($"has a piece of {piece.Text.Length} characters; the limit is {PieceVocabulary.LongestPiece}");
            if (piece.Type == PieceType.Byte && piece.ByteValue < 0)
                throw Refused($"has the byte piece {Shown.Name(piece.Text)} where <0x00> to <0xFF> was expected");
        }
        return PieceTokenizer.Make(
            new PieceVocabulary(pieces, trainer.Unigram, unknown), normalizer,
            new TextEnds(Known(trainer.Begin), Known(trainer.End)), Known(trainer.Padding));

        int? Known(int id) => id >= 0 && id < pieces.Count && pieces[id].Type == PieceType.Control ? id : null;

        MultiheadException Refused(string problem) =>
            new($"'{path}' cannot be used as a tokenizer: it {problem}; fetch it again or take another.");
    }

    private static Piece ReadPiece(ProtobufReader reader)
    {
        var piece = new Piece("", 0, PieceType.Normal);
        while (reader.Read())
            piece = reader.Field switch
            {
                1 => piece with { Text = reader.Text() },
                2 => piece with { Score = reader.Float() },
                3 when reader.Int() is >= 1 and <= 6 and not (int)PieceType.Unused =>
                    piece with { Type = (PieceType)reader.Int() },
                3 => throw reader.Defect($"is the piece type {reader.Int()}, which is not supported"),
                _ => piece,
            };
        return piece;
    }

    private static Trainer ReadTrainer(ProtobufReader reader, Trainer trainer)
    {
        while (reader.Read())
            trainer = reader.Field switch
            {
                3 when reader.Int() is 1 or 2 => trainer with { Unigram = reader.Int() == 1 },
                3 => throw reader.Defect($"is the model type {reader.Int()}, where only 1 (unigram) or 2 (BPE) is supported"),
                24 when reader.Flag() => throw reader.Defect("treats white space as a suffix, which is not supported"),
                41 => trainer with { Begin = reader.Int() },
                42 => trainer with { End = reader.Int() },
                43 => trainer with { Padding = reader.Int() },
                _ => trainer,
            };
        return trainer;
    }

    private static PieceNormalizer ReadNormalizer(ProtobufReader reader, PieceNormalizer normalizer)
    {
        while (reader.Read())
            normalizer = reader.Field switch
            {
                2 when !reader.Block().IsEmpty => normalizer with
                {
                    Map = CharacterMap.Read(reader.Block()) ?? throw reader.Defect("is a character map cut short"),
                },
                3 => normalizer with { AddsPrefix = reader.Flag() },
                4 => normalizer with { RemovesExtraSpaces = reader.Flag() },
                5 when !reader.Flag() => throw reader.Defect("leaves spaces as they are, which is not supported"),
                _ => normalizer,
            };
        return normalizer;
    }

    /// <summary>What of the trainer's settings bears on encoding; ids are -1 for none.</summary>
    private sealed record Trainer(bool Unigram, int Begin, int End, int Padding);
}
