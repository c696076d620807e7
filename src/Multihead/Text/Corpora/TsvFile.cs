using System.Globalization;

namespace Multihead.Text.Corpora;

/// <summary>A parallel corpus in one file: columns between tabs.</summary>
public static class TsvFile
{
    /// <summary>Reads two columns of a file (.gz too).</summary>
    /// <param name="path">The file.</param>
    /// <param name="sourceColumn">Counted from 0.</param>
    /// <param name="targetColumn">Counted from 0.</param>
    /// <exception cref="MultiheadException">The file cannot be read, is empty, or a line has too few columns.</exception>
    public static List<SentencePair> Read(string path, int sourceColumn = 0, int targetColumn = 1)
    {
        if (sourceColumn < 0 || targetColumn < 0)
            throw new MultiheadException("A column of a TSV file is counted from 0; give numbers of 0 or more.");
        var lines = TextLines.Read(path);
        if (lines.Count == 0) throw new MultiheadException($"'{path}' is empty; give a file with tabs between source and target.");
        var pairs = new List<SentencePair>(lines.Count);
        foreach (var line in lines)
        {
            var columns = line.Split('\t');
            if (columns.Length <= Math.Max(sourceColumn, targetColumn))
                throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
                    $"'{path}' line {pairs.Count + 1} has {columns.Length} columns between tabs, but column "
                    + $"{Math.Max(sourceColumn, targetColumn)} (counted from 0) was asked for; correct the line or the column."));
            pairs.Add(new SentencePair(columns[sourceColumn], columns[targetColumn]));
        }
        return pairs;
    }
}
