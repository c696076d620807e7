using Microsoft.Win32.SafeHandles;

namespace Multihead.Models.Formats;

/// <summary>Memory that is filled from a file, in slices that fit a span.</summary>
internal readonly unsafe struct UnmanagedBytes(byte* start, long count)
{
    private const int SliceBytes = 64 << 20;

    /// <summary>Fills all of it.</summary>
    /// <exception cref="MultiheadException">The file ended before.</exception>
    public void Fill(SafeFileHandle file, long offset, string path)
    {
        for (long done = 0; done < count;)
        {
            var slice = new Span<byte>(start + done, (int)Math.Min(SliceBytes, count - done));
            int read;
            try
            {
                read = RandomAccess.Read(file, slice, offset + done);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw InputFile.Unreadable($"'{path}'", e);
            }
            if (read == 0)
                throw new MultiheadException($"'{path}' ends at byte {offset + done}, though it was longer when it was opened; fetch it again.");
            done += read;
        }
    }
}
