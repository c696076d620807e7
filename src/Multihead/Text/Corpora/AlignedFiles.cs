using System.Globalization;

namespace Multihead.Text.Corpora;

/// <summary>A parallel corpus in two files: line i of one is the translation of line i of the other.</summary>
public static class AlignedFiles
{
    /// <summary>Reads both files (.gz too).</summary>
    /// <exception cref="MultiheadException">A file cannot be read, is empty, or has another number of lines than the other.
    /// </exception>
    public static List<SentencePair> Read(string sourcePath, string targetPath)
    {
        var (sources, targets) = (TextLines.Read(sourcePath), TextLines.Read(targetPath));
        if (sources.Count != targets.Count)
            throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
                $"'{sourcePath}' has {sources.Count} lines but '{targetPath}' has {targets.Count}; give files whose lines "
                + $"correspond."));
        if (sources.Count == 0) throw new MultiheadException($"'{sourcePath}' is empty; give a file with a sentence on every line.");
        return [.. sources.Zip(targets, (s, t) => new SentencePair(s, t))];
    }
}
