using System.Text.Json;

namespace Multihead.Text.Tokenizers;

/// <summary>Reads the <c>model</c> of a tokenizer.json that is byte-level BPE.</summary>
internal static class BytePairJson
{
    /// <summary>The model's tokens by id, the token of each byte, and the merges by rank.</summary>
    public static (List<string> Tokens, int[] ByteIds, List<Merge> Merges) Read(JsonField model)
    {
        if (TokenizerJsonReader.Type(model) != "BPE") throw TokenizerJsonReader.Refused(model, "'BPE'");
        foreach (var name in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (model.Optional(name) is { } affix && affix.Text().Length > 0)
                throw affix.Defect("is not empty, which is not supported");
        if (model.Optional("dropout") is { } dropout) throw dropout.Defect("is not null, which is not supported");
        model.RefuseUnless("ignore_merges", expected: false, otherwise: false);

        var vocabulary = model.Required("vocab");
        var ids = vocabulary.Members();
        var tokens = ReadTokens(ids);
        var idOf = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++) idOf.Add(tokens[id], id);
        return ([.. tokens], ReadByteIds(vocabulary, idOf), ReadMerges(model.Required("merges"), idOf));
    }

    /// <summary>The tokens by id.</summary>
    public static string[] ReadTokens(Dictionary<string, JsonField> ids)
    {
        var tokens = new string[ids.Count];
        foreach (var (token, field) in ids)
        {
            var id = field.Id();
            if (id >= tokens.Length)
                throw field.Defect($"is {id}, but the ids of {tokens.Length} tokens are 0 to {tokens.Length - 1} without gaps");
            if (tokens[id] is not null) throw field.Defect($"is {id}, which another token has already");
            tokens[id] = token;
        }
        return tokens;
    }

    /// <summary>All 256 must be there: then every text can be encoded, and the unknown token is never needed.</summary>
    private static int[] ReadByteIds(JsonField vocabulary, Dictionary<string, int> idOf)
    {
        var byteIds = new int[256];
        for (var value = 0; value < 256; value++)
        {
            var symbol = ByteAlphabet.Symbol((byte)value).ToString();
            if (!idOf.TryGetValue(symbol, out byteIds[value]))
                throw vocabulary.Defect($"has no token '{symbol}' for the byte 0x{value:X2}; byte-level BPE needs all 256");
        }
        return byteIds;
    }

    private static List<Merge> ReadMerges(JsonField field, Dictionary<string, int> idOf)
    {
        var items = field.Items();
        var merges = new List<Merge>(items.Length);
        foreach (var item in items)
        {
            var (left, right) = ReadPair(item);
            merges.Add(new Merge(Id(left), Id(right), Id(left + right)));

            int Id(string token) =>
                idOf.TryGetValue(token, out var id) ? id
                : throw item.Defect($"needs the token {Shown.Name(token)}, which the vocabulary lacks");
        }
        return merges;
    }

    /// <summary>One merge. Both forms that are in use: "a b" and ["a", "b"].</summary>
    public static (string Left, string Right) ReadPair(JsonField item)
    {
        if (item.Kind == JsonValueKind.Array)
        {
            var pair = item.Items();
            if (pair.Length != 2) throw item.Defect("has not two items");
            var (left, right) = (pair[0].Text(), pair[1].Text());
            if ((left + right).Contains(' ')) throw item.Defect("has a space, which byte-level BPE spells 'Ġ'");
            return (left, right);
        }
        var text = item.Text();
        var space = text.IndexOf(' ');
        if (space < 0 || space != text.LastIndexOf(' ')) throw item.Defect("is not two tokens with a space between");
        return (text[..space], text[(space + 1)..]);
    }
}
