using System.Globalization;

namespace Multihead.Text.Corpora;

/// <summary>A parallel corpus in two text files: line n of one is the translation of line n of the other.</summary>
public static class AlignedFiles
{
    /// <summary>Reads both files, each plain or gzipped (ending <c>.gz</c>). Every line gives a row, empty ones too.</summary>
    /// <param name="sourcePath">UTF-8 text in the language translated from.</param>
    /// <param name="targetPath">UTF-8 text in the language translated into.</param>
    /// <exception cref="MultiheadException">A file is missing, unreadable, empty, or has a line that is not UTF-8 or is longer
    /// than 256 MiB; or the two have different numbers of lines.</exception>
    public static ParallelCorpus Read(string sourcePath, string targetPath)
    {
        var sources = TextLines.ReadAll(sourcePath);
        var targets = TextLines.ReadAll(targetPath);
        if (sources.Count != targets.Count) throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
            $"'{sourcePath}' has {sources.Count} lines and '{targetPath}' has {targets.Count}; each line of one must be the "
                + $"translation of the same line of the other."));
        return new($"{Path.GetFileName(sourcePath)} and {Path.GetFileName(targetPath)}",
            [.. sources.Zip(targets, (source, target) => new SentencePair(source, target))], []);
    }
}
