using System.IO.Compression;

namespace Multihead.Text.Corpora;

/// <summary>Unpacks a gzip file and refuses one that was cut short, which <see cref="GZipStream"/> takes for a whole one.</summary>
/// <remarks>A gzip file is one compressed member after another. At its end one more is put behind it: where the last member of
/// the file was complete, the new one comes out as it went in; where it was not, its bytes are taken for the missing ones, and
/// something else comes out or nothing does.</remarks>
internal sealed class WholeGzipStream : ForwardStream
{
    private static readonly byte[] Text = "the end of the file"u8.ToArray();
    private static readonly byte[] Member = Pack(Text);

    private readonly Continued _packed;
    private readonly GZipStream _unpacked;
    private bool _ended;

    /// <summary>Takes the file over.</summary>
    public WholeGzipStream(Stream file)
    {
        _packed = new Continued(file);
        _unpacked = new GZipStream(_packed, CompressionMode.Decompress);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, or not gzip.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty) return 0;
        var read = _unpacked.Read(buffer);
        if (read == 0) CheckEnd();
        return read;
    }

    private void CheckEnd()
    {
        _ended = true;
        _packed.Next = new MemoryStream(Member);
        Span<byte> end = stackalloc byte[Text.Length + 1];
        var read = _unpacked.ReadAtLeast(end, end.Length, throwOnEndOfStream: false);
        // Behind a whole member may stand what is no member, such as zeros: then no more is asked for.
        var wasAsked = _packed.Next.Position > 0;
        if (wasAsked && !end[..read].SequenceEqual(Text)) throw new InvalidDataException("The gzip data end too early.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A stream, and behind its end another one once there is one.</summary>
    private sealed class Continued(Stream first) : ForwardStream
    {
        public Stream? Next { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var read = first.Read(buffer);
            return read == 0 && Next is not null ? Next.Read(buffer) : read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) first.Dispose();
            base.Dispose(disposing);
        }
    }
}
