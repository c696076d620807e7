using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Multihead.Cli.Output;

/// <summary>Standard output as a buffered writer of UTF-8 without a byte order mark.</summary>
internal static class StandardOutput
{
    private const int BrokenPipeOnUnix = 32; // EPIPE, the same number on Linux, macOS and the BSDs

    /// <summary>Opens it. Into a pipe, writing after the reader has gone throws what <see cref="IsBrokenPipe"/> knows, so that
    /// the work can end; the runtime's own console stream would go on silently.</summary>
    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected) Console.OutputEncoding = Encoding.UTF8;
        var stream = OpenPipe() ?? Console.OpenStandardOutput();
        return new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 14)
        {
            NewLine = "\n",
        };
    }

    /// <summary>Whether the failure says that nobody reads standard output any longer.</summary>
    public static bool IsBrokenPipe(Exception exception) => exception is IOException { HResult: BrokenPipeOnUnix };

    private static FileStream? OpenPipe()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return null;
        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // Not for a file: FileStream keeps its own position there and would overwrite what standard error adds to the same file.
        return stream.CanSeek ? null : stream;
    }
}
