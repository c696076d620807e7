namespace Multihead.Text.Tokenizers;

/// <summary>What a piece is for, as numbered by SentencePiece's <c>sentencepiece_model.proto</c> and by GGUF.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A token of SentencePiece's: its spelling (a space is '▁'), its score (log-probability or minus its rank), its
/// type.</summary>
internal readonly record struct Piece(string Text, float Score, PieceType Type)
{
    /// <summary>The byte that "&lt;0xNN&gt;" spells, or -1.</summary>
    public int ByteValue => Text.Length == 6 && Text.StartsWith("<0x", StringComparison.Ordinal) && Text[5] == '>'
        && byte.TryParse(
            Text.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : -1;
}
