using Spectre.Console;
using PlainText = Spectre.Console.Text;

namespace Multihead.Cli.Output;

/// <summary>Results in rows: a drawn table where a person looks at it, else plain lines with tabs between the cells.</summary>
internal static class Tables
{
    /// <summary>Writes <paramref name="rows"/>, each with as many cells as there are <paramref name="headings"/>.</summary>
    public static void Write(ToolOutput output, IReadOnlyList<string> headings, IReadOnlyList<string[]> rows)
    {
        if (output.ResultsAreWatched) Draw(output, headings, rows);
        else foreach (var row in rows.Prepend([.. headings])) output.Result(string.Join('\t', row));
    }

    /// <summary>Writes names and what they stand for.</summary>
    public static void WriteFacts(ToolOutput output, IReadOnlyList<(string Name, string Value)> facts)
    {
        if (output.ResultsAreWatched) Draw(output, null, [.. facts.Select(fact => new[] { fact.Name, fact.Value })]);
        else foreach (var (name, value) in facts) output.Result($"{name}: {value}");
    }

    private static void Draw(ToolOutput output, IReadOnlyList<string>? headings, IReadOnlyList<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = headings is not null };
        for (var i = 0; i < rows[0].Length; i++) table.AddColumn(new TableColumn(new PlainText(headings?[i] ?? "")));
        foreach (var row in rows) table.AddRow(row.Select(cell => new PlainText(cell)));
        output.Flush();
        AnsiConsole.Console.Write(table); // honours NO_COLOR
    }
}
