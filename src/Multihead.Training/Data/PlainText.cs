using Multihead.Training.Recipes;

namespace Multihead.Training.Data;

/// <summary>Running text: to learn from, and to choose by.</summary>
internal sealed record PlainText(string Train, string Valid)
{
    private const int LargestFile = 1 << 30;

    /// <summary>Reads what the recipe names; without a file to choose by, the last part of the text is taken.</summary>
    /// <exception cref="MultiheadException">A file cannot be used.</exception>
    public static PlainText Read(TextData data, string folder)
    {
        var text = InputFile.ReadText(Path.Combine(folder, data.Text), LargestFile);
        if (data.Valid is not null) return new PlainText(text, InputFile.ReadText(Path.Combine(folder, data.Valid), LargestFile));
        if (data.ValidShare is not (> 0 and < 1))
            throw new MultiheadException($"data.validShare is {data.ValidShare}, expected above 0 and below 1; change it in the recipe.");
        var at = (int)(text.Length * (1 - data.ValidShare));
        if (at > 0 && char.IsHighSurrogate(text[at - 1])) at--;
        return new PlainText(text[..at], text[at..]);
    }
}
