using System.Globalization;
using System.Text;
using Multihead.Cli.Output;
using Multihead.Text.Corpora;
using Multihead.Training.Data;

namespace Multihead.Cli.Commands;

/// <summary>A corpus split into training, validation and test rows, of which the training rows are filtered.</summary>
/// <param name="Name">What the corpus is called.</param>
/// <param name="Parts">"train", "valid" and "test" with their rows.</param>
/// <param name="Dropped">What is in none of them and why.</param>
internal sealed record CorpusParts(
    string Name, IReadOnlyList<(string Name, IReadOnlyList<SentencePair> Rows)> Parts, IReadOnlyList<RowCount> Dropped)
{
    /// <summary>Splits and filters.</summary>
    public static CorpusParts Of(ParallelCorpus corpus)
    {
        var data = ParallelData.Split(corpus).Filtered(new CorpusFilter());
        return new CorpusParts(corpus.Name, [("train", data.Train), ("valid", data.Valid), ("test", data.Test)], data.Dropped);
    }

    /// <summary>Writes a pair of aligned files a part, such as <c>train.en</c> and <c>train.de</c>.</summary>
    public void WriteFiles(string folder, string from, string to)
    {
        foreach (var (name, rows) in Parts)
        {
            WriteLines(Path.Combine(folder, $"{name}.{from}"), rows.Select(row => row.Source));
            WriteLines(Path.Combine(folder, $"{name}.{to}"), rows.Select(row => row.Target));
        }
    }

    /// <summary>Shows how many rows went where.</summary>
    public void Report(ToolOutput output, bool asJson)
    {
        Tables.Write(output, ["rows", Name],
        [
            .. Parts.Select(part => new[] { Text(part.Rows.Count), part.Name }),
            .. Dropped.Where(count => count.Rows > 0).Select(count => new[] { Text(count.Rows), $"dropped: {count.Reason}" }),
        ]);
        if (!asJson) return;
        output.Json(json =>
        {
            json.WriteString("corpus", Name);
            json.WriteStartObject("pairs");
            foreach (var (name, rows) in Parts) json.WriteNumber(name, rows.Count);
            json.WriteEndObject();
            json.WriteStartObject("dropped");
            foreach (var (reason, rows) in Dropped) json.WriteNumber(reason, rows);
            json.WriteEndObject();
        });
    }

    private static void WriteLines(string path, IEnumerable<string> lines) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 15, leaveOpen: true);
        writer.NewLine = "\n";
        foreach (var line in lines) writer.WriteLine(line);
    });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
