using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>SentencePiece's normaliser (https://github.com/google/sentencepiece, <c>normalizer.cc</c>): the character map, white
/// space made single, a space put before the text, and spaces spelt '▁'.</summary>
/// <param name="Map">Null changes no characters.</param>
/// <param name="AddsPrefix">Puts a space before the text.</param>
/// <param name="RemovesExtraSpaces">Drops spaces at the ends and all but one elsewhere.</param>
internal sealed record PieceNormalizer(CharacterMap? Map, bool AddsPrefix, bool RemovesExtraSpaces)
{
    /// <summary>How pieces spell a space.</summary>
    public const char Space = '▁';

    private static readonly byte[] SpaceBytes = [0xE2, 0x96, 0x81];

    /// <summary>The text normalised; empty where nothing is left of it.</summary>
    /// <param name="text">What stands between added tokens or the text's ends.</param>
    /// <param name="first">Whether it starts the whole text, not after an added token.</param>
    /// <param name="last">Whether it ends the whole text.</param>
    public string Normalize(ReadOnlySpan<char> text, bool first, bool last)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        var output = new List<byte>(bytes.Length + 8);
        var afterSpace = RemovesExtraSpaces && first;
        var started = !first;
        for (int at = 0, consumed; at < bytes.Length; at += consumed)
        {
            var next = CharacterMap.Next(Map, bytes.AsSpan(at), out consumed);
            if (afterSpace) next = next.TrimStart((byte)' ');
            if (next.IsEmpty) continue;
            if (!started && AddsPrefix) output.AddRange(SpaceBytes);
            started = true;
            foreach (var value in next)
                if (value == ' ') output.AddRange(SpaceBytes);
                else output.Add(value);
            afterSpace = RemovesExtraSpaces && next[^1] == ' ';
        }
        var normal = Encoding.UTF8.GetString([.. output]);
        return RemovesExtraSpaces && last ? normal.TrimEnd(Space) : normal;
    }
}
