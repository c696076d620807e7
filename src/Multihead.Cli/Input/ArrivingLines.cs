using System.Threading.Channels;

namespace Multihead.Cli.Input;

/// <summary>Groups lines by when they arrive: while one group is worked on, a thread of its own reads the next. So somebody who
/// types is answered line by line, and a file goes by in large groups.</summary>
internal static class ArrivingLines
{
    /// <summary>Groups of one line at least, in order. What reading throws is thrown after the lines before it.</summary>
    /// <param name="lines">Read on another thread, as far ahead as a group is large.</param>
    /// <param name="largest">The most lines of a group.</param>
    public static IEnumerable<IReadOnlyList<string>> Groups(IEnumerable<string> lines, int largest)
    {
        var channel = Channel.CreateBounded<string>(largest);
        _ = Task.Run(() => FillAsync(lines, channel.Writer));
        while (channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            List<string> group = [];
            while (group.Count < largest && channel.Reader.TryRead(out var line)) group.Add(line);
            yield return group;
        }
    }

    private static async Task FillAsync(IEnumerable<string> lines, ChannelWriter<string> writer)
    {
        try
        {
            foreach (var line in lines) await writer.WriteAsync(line).ConfigureAwait(false);
            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }
}
