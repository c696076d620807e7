using System.Text;

namespace Multihead.Text.Corpora;

/// <summary>What is left of a message when its variable parts are folded: placeholders, numbers and quoted words become one mark,
/// letters lose their case, punctuation disappears. Messages with the same key say the same.</summary>
internal static class MessageKey
{
    private const char Mark = '0';

    /// <summary>The key: words and marks between single spaces; empty when the text has no word of its own.</summary>
    public static string Of(string text)
    {
        var key = new StringBuilder(text.Length);
        var hasWord = false;
        for (var i = 0; i < text.Length;)
        {
            if (VariablePart(text, i) is var end && end > i)
            {
                AppendMark(key);
                i = end;
            }
            else if (char.IsLetter(text[i]) || char.IsSurrogate(text[i]))
            {
                if (key.Length > 0 && key[^1] == Mark && i > 0 && !char.IsLetterOrDigit(text[i - 1])) key.Append(' ');
                key.Append(char.ToLowerInvariant(text[i++]));
                hasWord = true;
            }
            else
            {
                if (!char.IsDigit(text[i]) && key.Length > 0 && key[^1] != ' ') key.Append(' ');
                i++;
            }
        }
        return hasWord ? key.ToString().TrimEnd(' ') : "";
    }

    // Repeated marks are one, so that a list of two placeholders is a list of three.
    private static void AppendMark(StringBuilder key)
    {
        if (key.Length > 1 && key[^1] == ' ' && key[^2] == Mark) key.Length--;
        if (key.Length == 0 || key[^1] != Mark) key.Append(Mark);
    }

    // Where the placeholder, number or quotation that begins at i ends; i where none does.
    private static int VariablePart(string text, int i)
    {
        var c = text[i];
        if (char.IsDigit(c))
        {
            while (i < text.Length && (char.IsDigit(text[i]) || text[i] is '.' or ',' && i + 1 < text.Length && char.IsDigit(text[i + 1]))) i++;
            return i;
        }
        return c switch
        {
            '{' => Closing(text, i, "}", 60),
            '<' => Closing(text, i, ">", 60),
            '$' when i + 1 < text.Length && text[i + 1] == '(' => Closing(text, i, ")", 60),
            '%' when i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]) && (i + 2 == text.Length || !char.IsLetter(text[i + 2]))
                => i + 2,
            '"' => Closing(text, i, "\"", 80),
            '\'' or '‘' or '’' or '‚' or '`' when i == 0 || !char.IsLetterOrDigit(text[i - 1]) => Closing(text, i, "'’‘`", 80),
            '“' or '„' or '”' => Closing(text, i, "“”\"", 80),
            '«' => Closing(text, i, "»", 80),
            '「' => Closing(text, i, "」", 80),
            '『' => Closing(text, i, "』", 80),
            _ => i,
        };
    }

    private static int Closing(string text, int i, string marks, int most)
    {
        var at = text.AsSpan(i + 1, Math.Min(most, text.Length - i - 1)).IndexOfAny(marks);
        return at < 0 ? i : i + at + 2;
    }
}
