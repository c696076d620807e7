using System.Globalization;
using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Reads tiktoken's files (https://github.com/openai/tiktoken): a token's bytes in base64 and its rank, which is its id,
/// a line. How texts are cut into words isn't in the file: its name tells.</summary>
internal static class TiktokenReader
{
    private const int LargestFile = 128 << 20;
    private const string EndOfText = "<|endoftext|>";

    /// <summary>Reads the file.</summary>
    public static Tokenizer Read(string path)
    {
        var words = Words(path);
        var text = Encoding.Latin1.GetString(InputFile.ReadBytes(path, LargestFile));
        var ids = new Dictionary<string, (int Id, float Score)>(StringComparer.Ordinal);
        var line = 0;
        foreach (var item in text.AsSpan().EnumerateLines())
        {
            line++;
            if (item.IsEmpty) continue;
            if (!TryRead(item, out var token, out var id) || !ids.TryAdd(token, (id, -id)))
                throw Refused($"line {line} is not a new token in base64, a space and its rank");
        }
        var tokens = Order(ids, out var end) ?? throw Refused("its ranks are not 0 to the last with at most one left out");
        foreach (var symbol in ByteAlphabet.InSymbolOrder().Select(ByteAlphabet.Symbol))
            if (!ids.ContainsKey(symbol.ToString()))
                throw Refused($"it has no token for the byte 0x{ByteAlphabet.Byte(symbol):X2}");
        var vocabulary = new Vocabulary(tokens, tokens.Length, [new AddedToken(end, EndOfText, Special: true)]);
        return new Tokenizer(
            vocabulary,
            new TokenizerParts(new RankedBytesModel(new PieceMerger(ids))) { Words = words, Ends = new TextEnds(null, end) });

        MultiheadException Refused(string problem) =>
            new($"'{path}' cannot be used as a tokenizer: {problem}; it is damaged or no tiktoken file, fetch it again.");
    }

    private static WordEnd Words(string path) => Path.GetFileNameWithoutExtension(path) switch
    {
        "gpt2" or "r50k_base" or "p50k_base" => WordScanner.End,
        "cl100k_base" => Cl100kScanner.End,
        var name => throw new MultiheadException($"'{path}' cannot be used as a tokenizer: how '{name}' cuts words is not known "
            + "here; only gpt2, r50k_base, p50k_base and cl100k_base are supported, under these names."),
    };

    private static bool TryRead(ReadOnlySpan<char> line, out string token, out int id)
    {
        (token, id) = ("", -1);
        var space = line.IndexOf(' ');
        if (space <= 0) return false;
        var bytes = new byte[space];
        if (!Convert.TryFromBase64Chars(line[..space], bytes, out var length) || length == 0) return false;
        token = string.Create(length, bytes, (symbols, bytes) =>
        {
            for (var i = 0; i < symbols.Length; i++) symbols[i] = ByteAlphabet.Symbol(bytes[i]);
        });
        return int.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    /// <summary>The tokens by id, the end of text in the gap, or after the last.</summary>
    private static string[]? Order(Dictionary<string, (int Id, float Score)> ids, out int end)
    {
        var tokens = new string?[ids.Count + 1];
        end = -1;
        foreach (var (token, (id, _)) in ids)
        {
            if (id >= tokens.Length || tokens[id] is not null) return null;
            tokens[id] = token;
        }
        end = Array.IndexOf(tokens, null);
        tokens[end] = EndOfText;
        return tokens!;
    }
}
