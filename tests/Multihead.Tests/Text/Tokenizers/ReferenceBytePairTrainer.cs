using System.Text;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>BPE learning as the paper tells it: count all pairs anew before each merge.</summary>
internal static class ReferenceBytePairTrainer
{
    /// <summary>The merges' pairs and all tokens, until the size is reached or no pair is left.</summary>
    public static (List<(string, string)> Merges, List<string> Tokens) Learn(
        IEnumerable<string> texts, string[] special, int size, int minimum)
    {
        var tokens = special.Concat(ByteAlphabet.InSymbolOrder().Select(b => ByteAlphabet.Symbol(b).ToString())).ToList();
        var words = texts.SelectMany(text => WordScannerTests.Gpt2Pattern.Matches(text).Select(m => m.Value))
            .Select(word => Encoding.UTF8.GetBytes(word).Select(b => ByteAlphabet.Symbol(b).ToString()).ToList()).ToList();
        var merges = new List<(string, string)>();
        while (tokens.Count < size)
        {
            var counts = new Dictionary<(string Left, string Right), int>();
            foreach (var word in words)
                for (var i = 0; i + 1 < word.Count; i++)
                    counts[(word[i], word[i + 1])] = counts.GetValueOrDefault((word[i], word[i + 1])) + 1;
            var open = counts.Where(p => p.Value >= minimum && !special.Contains(p.Key.Left + p.Key.Right)).ToList();
            if (open.Count == 0) break;
            var best = open.OrderByDescending(p => p.Value).ThenBy(p => tokens.IndexOf(p.Key.Left))
                .ThenBy(p => tokens.IndexOf(p.Key.Right)).First().Key;
            merges.Add(best);
            if (!tokens.Contains(best.Left + best.Right)) tokens.Add(best.Left + best.Right);
            foreach (var word in words)
                for (var i = 0; i + 1 < word.Count; i++)
                    if ((word[i], word[i + 1]) == best)
                    {
                        word[i] += word[i + 1];
                        word.RemoveAt(i + 1);
                    }
        }
        return (merges, tokens);
    }
}
