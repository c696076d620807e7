using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Multihead.Cli.Output;

/// <summary>Where a command writes: what it was asked for to standard output, everything else to standard error.</summary>
internal sealed class ToolOutput
{
    private static readonly JsonWriterOptions OneLine = new()
    {
        Indented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // it is read by people too, and is no part of a web page
    };

    /// <summary>Standard output, buffered; written out by <see cref="Flush"/>, before a note, and at the end.</summary>
    public TextWriter Results { get; } = StandardOutput.Open();

    /// <summary>Whether a person looks at standard output.</summary>
    public bool ResultsAreWatched { get; } = !Console.IsOutputRedirected;

    /// <summary>Writes a line of results.</summary>
    public void Result(string line) => Results.WriteLine(line);

    /// <summary>Writes a line to standard error: progress, counts, advice.</summary>
    public void Note(string line)
    {
        Flush();
        Console.Error.WriteLine(line);
    }

    /// <summary>Says on standard error what went wrong; fails never, so that the exit code is right in any case.</summary>
    /// <param name="sentence">The fault.</param>
    /// <param name="more">A line or more below it, or null.</param>
    public void Fault(string sentence, string? more)
    {
        try { Results.Flush(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the fault below is the one to tell */ }
        try { Console.Error.WriteLine(more is null ? sentence : $"{sentence}{Environment.NewLine}{more}"); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* the exit code still says it */ }
    }

    /// <summary>Writes one object as one line of JSON to standard output; numbers must be finite.</summary>
    /// <param name="write">Writes the properties between the braces.</param>
    public void Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, OneLine))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        Result(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>Hands all results written so far to whoever reads them.</summary>
    public void Flush() => Results.Flush();
}
