namespace Multihead.Text.Tokenizers;

/// <summary>The ways to cut a text into byte-level BPE's words, by the names that GGUF has for them.</summary>
internal static class WordRules
{
    private static readonly (string Name, WordEnd End)[] Rules =
    [
        ("gpt-2", WordScanner.End), ("llama-bpe", Cl100kScanner.End), ("qwen2", Cl100kScanner.EndSingleDigits),
        ("falcon", FalconScanner.End), ("starcoder", StarcoderScanner.End),
    ];

    /// <summary>All names, for errors.</summary>
    public static string Names => string.Join(", ", Rules.Select(rule => rule.Name));

    /// <summary>The rule of that name, GPT-2's for null; null where it isn't known.</summary>
    public static WordEnd? Find(string? name) => Array.Find(Rules, rule => rule.Name == (name ?? "gpt-2")).End;

    /// <summary>The name of a rule.</summary>
    public static string? NameOf(WordEnd? end) => Array.Find(Rules, rule => rule.End == end).Name;
}
