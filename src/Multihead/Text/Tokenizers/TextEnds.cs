namespace Multihead.Text.Tokenizers;

/// <summary>The tokens that begin and end a text, if any, and whether the file asks for them to be added.</summary>
internal sealed record TextEnds(int? Begin, int? End, bool AddsBegin = false, bool AddsEnd = false)
{
    private static readonly string[] Begins = ["<s>", "<bos>", "<|begin_of_text|>"];
    private static readonly string[] Ends = [Tokenizer.EndOfSentence, "<eos>", "<|end_of_text|>", "<|endoftext|>"];

    /// <summary>Found by their usual spellings, for files that don't name them.</summary>
    public static TextEnds Among(IReadOnlyList<AddedToken> added)
    {
        return new TextEnds(First(Begins), First(Ends));

        int? First(string[] names) => names
            .Select(name => added.FirstOrDefault(token => token.Special && token.Content == name)?.Id)
            .FirstOrDefault(id => id is not null);
    }
}
