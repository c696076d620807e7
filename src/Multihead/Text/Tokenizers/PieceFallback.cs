using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>What stands for a character that no piece spells: the tokens of its UTF-8 bytes, else one unknown token for a
/// run.</summary>
internal sealed class PieceFallback
{
    private readonly int[]? _byteIds; // [256], null without byte fallback
    private readonly int _unknown;

    /// <param name="pieces">All pieces by id.</param>
    /// <param name="unknown">The id of the unknown token.</param>
    public PieceFallback(IReadOnlyList<Piece> pieces, int unknown)
    {
        _unknown = unknown;
        var byteIds = new int[256];
        Array.Fill(byteIds, -1);
        for (var id = 0; id < pieces.Count; id++)
            if (pieces[id].Type == PieceType.Byte && pieces[id].ByteValue is >= 0 and var value) byteIds[value] = id;
        if (!byteIds.Contains(-1)) _byteIds = byteIds;
    }

    /// <summary>Appends what stands for one character, which comes after an unknown one or not.</summary>
    public void Append(ReadOnlySpan<char> character, bool afterUnknown, List<int> ids)
    {
        if (_byteIds is null)
        {
            if (!afterUnknown) ids.Add(_unknown);
            return;
        }
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in bytes[..Encoding.UTF8.GetBytes(character, bytes)]) ids.Add(_byteIds[value]);
    }
}
