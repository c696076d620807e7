using Microsoft.Win32.SafeHandles;

namespace Multihead.Training.Reports;

/// <summary>Walks the rows of a loss log in constant memory.</summary>
internal static class LossLogReader
{
    private static readonly byte[] Header = System.Text.Encoding.ASCII.GetBytes(LossRow.Header);

    /// <summary>Passes on the rows up to a step. Bytes behind the last line feed are a torn row and are not looked at.</summary>
    /// <returns>Where the last of those rows ends, the header's end where there is none, or 0 where not even the header is
    /// whole.</returns>
    /// <exception cref="MultiheadException">A line before that is no row, or its step does not follow the one before.</exception>
    public static long Scan(SafeFileHandle file, string path, long lastStep, Action<LossRow> take)
    {
        var buffer = new byte[1 << 16];
        var (start, filled, line) = (0L, 0, 0L); // where the buffer begins in the file, how full it is, lines read
        var previous = long.MinValue;
        while (true)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(filled), start + filled);
            filled += read;
            var used = 0;
            for (int end; (end = buffer.AsSpan(used, filled - used).IndexOf((byte)'\n')) >= 0; used += end + 1)
            {
                var bytes = buffer.AsSpan(used, end);
                if (++line == 1 && bytes.SequenceEqual(Header)) continue;
                if (line == 1) throw Malformed(path, line, $"expected the header '{LossRow.Header}'");
                if (!LossRow.TryParse(bytes, out var row))
                    throw Malformed(path, line, "expected six fields, numbers all, of which the last may be empty");
                if (row.Step <= previous) throw Malformed(path, line, $"step {row.Step} comes after step {previous}");
                previous = row.Step;
                if (row.Step > lastStep) return start + used;
                take(row);
            }
            if (read == 0) return start + used;
            if (filled - used == buffer.Length) throw Malformed(path, line + 1, "it is longer than any row");
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            (start, filled) = (start + used, filled - used);
        }
    }

    private static MultiheadException Malformed(string path, long line, string what) =>
        new($"'{path}' is not a loss log of Multihead, line {line}: {what}; move the file away or give another folder.");
}
