using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>The tokens by id, their ids, and the bytes that each stands for in a text. Never changes once made.</summary>
internal sealed class Vocabulary
{
    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly byte[] _bytes;
    private readonly int[] _starts; // token i has the bytes from _starts[i] to _starts[i + 1]

    /// <param name="tokens">All tokens in order of id (of one given twice the first is found): those of the model, then the
    /// added ones it lacks.</param>
    /// <param name="modelCount">How many of them are the model's.</param>
    /// <param name="added">The added tokens, wherever they stand.</param>
    /// <param name="spelt">The bytes of a token that isn't an added one; null for what the byte alphabet spells.</param>
    public Vocabulary(
        IReadOnlyList<string> tokens, int modelCount, IReadOnlyList<AddedToken> added, Func<int, byte[]>? spelt = null)
    {
        _tokens = [.. tokens];
        ModelCount = modelCount;
        Added = [.. added];
        _ids = new Dictionary<string, int>(_tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < _tokens.Length; id++) _ids.TryAdd(_tokens[id], id);

        var addedById = added.ToDictionary(token => token.Id);
        var bytes = new MemoryStream();
        _starts = new int[_tokens.Length + 1];
        for (var id = 0; id < _tokens.Length; id++)
        {
            bytes.Write(addedById.TryGetValue(id, out var token) ? BytesOf(token) : spelt?.Invoke(id) ?? BytesOf(_tokens[id]));
            _starts[id + 1] = checked((int)bytes.Length);
        }
        _bytes = bytes.ToArray();
    }

    /// <summary>The number of tokens; ids are 0 to one less.</summary>
    public int Count => _tokens.Length;

    /// <summary>The tokens below this id are those of the model, the others exist as added tokens alone.</summary>
    public int ModelCount { get; }

    /// <summary>The added tokens in their order.</summary>
    public AddedToken[] Added { get; }

    /// <summary>The token's spelling.</summary>
    public string this[int id] => _tokens[id];

    /// <summary>Finds the id of a token by its spelling.</summary>
    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    /// <summary>The UTF-8 bytes, maybe part of a character only, that the token adds to a text; a special one none.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _bytes.AsSpan(_starts[id].._starts[id + 1]);

    private static byte[] BytesOf(AddedToken token) => token.Special ? [] : Encoding.UTF8.GetBytes(token.Content);

    /// <summary>A spelling with a character outside the byte alphabet stands for itself, as Hugging Face decodes it.</summary>
    private static byte[] BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = ByteAlphabet.Byte(token[i]);
            if (value < 0) return Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)value;
        }
        return bytes;
    }
}
