using System.Buffers;
using System.Text;
using Multihead.Text.Tokenizers;

namespace Multihead.Inference.Decoding;

/// <summary>Turns tokens into text piece by piece. A character whose bytes are spread over tokens is held back until it is whole;
/// the pieces joined are what all tokens decode to.</summary>
internal sealed class StreamedText(Tokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<char> _piece = new();

    /// <summary>What is known by one more token; maybe nothing.</summary>
    public string Add(int token) => Take(tokenizer.BytesOf(token), flush: false);

    /// <summary>What is left at the end: half a character gives U+FFFD.</summary>
    public string Finish() => Take([], flush: true);

    private string Take(ReadOnlySpan<byte> bytes, bool flush)
    {
        _piece.ResetWrittenCount();
        _decoder.Convert(bytes, _piece, flush, out _, out _);
        return _piece.WrittenSpan.ToString();
    }
}
