using System.Globalization;

namespace Multihead.Text.Corpora;

/// <summary>A parallel corpus in one text file with columns parted by tabs.</summary>
public static class TsvFile
{
    /// <summary>Reads the file, plain or gzipped (ending <c>.gz</c>). Every line gives a row; quotation marks and backslashes
    /// are text like any other.</summary>
    /// <param name="path">UTF-8 text.</param>
    /// <param name="sourceColumn">The column translated from, 1 for the first.</param>
    /// <param name="targetColumn">The column translated into, 1 for the first.</param>
    /// <exception cref="MultiheadException">The file is missing, unreadable, empty, or has a line that is not UTF-8, is longer
    /// than 256 MiB or has too few columns; or a column is less than 1.</exception>
    public static ParallelCorpus Read(string path, int sourceColumn = 1, int targetColumn = 2)
    {
        if (Math.Min(sourceColumn, targetColumn) < 1) throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
            $"Columns {sourceColumn} and {targetColumn} of '{path}' are asked for; the first column is 1."));
        var lines = TextLines.ReadAll(path);
        var pairs = new List<SentencePair>(lines.Count);
        foreach (var line in lines)
        {
            var columns = line.Split('\t');
            if (columns.Length < Math.Max(sourceColumn, targetColumn)) throw TooFew(path, pairs.Count + 1, columns.Length,
                Math.Max(sourceColumn, targetColumn));
            pairs.Add(new(columns[sourceColumn - 1], columns[targetColumn - 1]));
        }
        return new(Path.GetFileName(path), pairs, []);
    }

    private static MultiheadException TooFew(string path, int line, int columns, int wanted) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Line {line} of '{path}' has no column {wanted}, it has {columns}; part the columns with tabs, or choose other columns."));
}
