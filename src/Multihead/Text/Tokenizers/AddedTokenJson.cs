using System.Text;

namespace Multihead.Text.Tokenizers;

/// <summary>Reads the <c>added_tokens</c> of a tokenizer.json.</summary>
internal static class AddedTokenJson
{
    /// <summary>Reads the added tokens; those that the model lacks are appended to <paramref name="tokens"/>.</summary>
    public static List<AddedToken> Read(JsonField? field, List<string> tokens, int[] byteIds, List<Merge> merges)
    {
        var added = new List<AddedToken>();
        if (field is null) return added;
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++) ids.Add(tokens[id], id);
        var madeOfText = new HashSet<int>(byteIds);
        foreach (var merge in merges) madeOfText.Add(merge.Result);
        var seen = new HashSet<int>();
        foreach (var item in field.Items())
        {
            var token = ReadOne(item);
            if (!ids.TryGetValue(token.Content, out var expected)) expected = tokens.Count;
            if (token.Id != expected)
                throw item.Required("id").Defect($"is {token.Id} where {expected} was expected: the token's id in the "
                    + "vocabulary, or the next one for a token that it lacks");
            if (!seen.Add(token.Id)) throw item.Required("id").Defect($"is {token.Id}, which an earlier one has");
            if (madeOfText.Contains(token.Id)) CheckMadeOfText(token, item.Required("content"));
            if (expected == tokens.Count)
            {
                tokens.Add(token.Content);
                ids.Add(token.Content, expected);
            }
            added.Add(token);
        }
        return added;
    }

    /// <summary>The model makes this token of text, too.</summary>
    private static void CheckMadeOfText(AddedToken token, JsonField content)
    {
        if (token.Special) throw content.Defect("is special but made by the model's merges, so that text could spell it");
        if (!Ascii.IsValid(token.Content))
            throw content.Defect("is plain text but made by the model's merges of other bytes, so that it could not be decoded");
    }

    private static AddedToken ReadOne(JsonField item)
    {
        var content = item.Required("content");
        var token = new AddedToken(
            item.Required("id").Id(), content.Text(), item.Flag("special", false), item.Flag("single_word", false),
            item.Flag("lstrip", false), item.Flag("rstrip", false), item.Flag("normalized", true));
        if (token.Content.Length == 0) throw content.Defect("is empty");
        if (token.Special) return token;
        foreach (var name in (string[])["single_word", "lstrip", "rstrip"])
            item.RefuseUnless(name, expected: false, otherwise: false);
        return token;
    }
}
