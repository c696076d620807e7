using Multihead.Inference;

namespace Multihead.Cli.Input;

/// <summary>Finds lines that are longer than a model reads.</summary>
internal static class LongLines
{
    /// <summary>How many lines come before the first that is too long.</summary>
    public static int CountBefore(IReadOnlyList<string> lines, Translator translator)
    {
        for (var i = 0; i < lines.Count; i++)
            if (translator.CountTokens(lines[i]) > translator.MaxTokens) return i;
        return lines.Count;
    }

    /// <summary>The sentence about one that is.</summary>
    /// <param name="input">The file.</param>
    /// <param name="number">The line's number, from 1.</param>
    /// <param name="line">The line.</param>
    /// <param name="translator">Whose limit it breaks.</param>
    public static MultiheadException Fault(string input, long number, string line, Translator translator) =>
        new($"{InputLines.NameOf(input)}, line {number}, has {translator.CountTokens(line)} tokens, and the model reads at most "
            + $"{translator.MaxTokens}; split it into sentences.");
}
