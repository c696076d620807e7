using System.IO.Compression;
using System.Text.Json;

namespace Multihead.Tests.Text.Metrics;

/// <summary>Reads the outside expectations: sacreBLEU's unit cases and the WMT 2017 English-German systems.</summary>
internal static class SacreBleuCases
{
    public static JsonElement Unit(string group) =>
        JsonDocument.Parse(File.ReadAllText(TestData.Require("metrics", "sacrebleu_unit_cases.json")))
            .RootElement.GetProperty(group);

    public static string[] Lines(this JsonElement lines) => [.. lines.EnumerateArray().Select(line => line.GetString()!)];

    public static string[][] Streams(this JsonElement streams) => [.. streams.EnumerateArray().Select(Lines)];

    public static long[] Counts(this JsonElement counts) => [.. counts.EnumerateArray().Select(count => count.GetInt64())];

    /// <summary>The lines of one gzipped file of newstest2017.</summary>
    public static string[] NewsTest(string name)
    {
        var path = TestData.Require("metrics", "newstest2017-ende", name);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }

    /// <summary>The rows of a table of newstest2017 without its comments and header.</summary>
    public static IEnumerable<string[]> Table(string name) =>
        File.ReadLines(TestData.Require("metrics", "newstest2017-ende", name))
            .Where(line => line.StartsWith("newstest2017.", StringComparison.Ordinal)).Select(line => line.Split('\t'));
}
