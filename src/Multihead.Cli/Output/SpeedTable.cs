using System.Globalization;
using System.Text.Json;
using Multihead.Cli.Doctor;
using Multihead.Cli.Shell;
using Multihead.Kernels.Gemm;

namespace Multihead.Cli.Output;

/// <summary>One line of a <see cref="SpeedTable"/>.</summary>
internal readonly record struct SpeedRow(string Name, ProductFormat Format, Roofline Roofline);

/// <summary>Speeds of work in several shapes and formats, each with its share of the ceiling: a table, and JSON where it is asked
/// for.</summary>
internal static class SpeedTable
{
    /// <param name="invocation">Where to write.</param>
    /// <param name="heading">What the names are.</param>
    /// <param name="threads">How many threads were at work.</param>
    /// <param name="rows">The lines.</param>
    /// <param name="writeName">Writes the key that tells a line in JSON.</param>
    public static void Write(Invocation invocation, string heading, int threads, IReadOnlyList<SpeedRow> rows,
        Action<Utf8JsonWriter, SpeedRow> writeName)
    {
        Tables.Write(invocation.Output, [heading, "precision", "GFLOP/s", "share", "of"], [.. rows.Select(Cells)]);
        if (!invocation.Get(JsonOption.Instance)) return;
        invocation.Output.Json(json =>
        {
            json.WriteNumber("threads", threads);
            json.WriteStartArray("cases");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                writeName(json, row);
                json.WriteString("precision", row.Format.Name());
                json.WriteNumber("gflops", Math.Round(row.Roofline.Speed / 1e9, 1));
                json.WriteNumber("ceilingGflops", Math.Round(row.Roofline.Ceiling / 1e9, 1));
                json.WriteNumber("share", Math.Round(row.Roofline.Share, 4));
                json.WriteString("binds", row.Roofline.Binds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static string[] Cells(SpeedRow row) =>
        [row.Name, row.Format.Name(), Text(row.Roofline.Speed / 1e9, "F0"), Text(row.Roofline.Share, "F2"), row.Roofline.Binds];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
