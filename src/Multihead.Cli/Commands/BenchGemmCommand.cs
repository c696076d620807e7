using System.CommandLine;
using System.Globalization;
using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Cli.Commands;

/// <summary>Measures matrix products against the ceiling that the same run has found: what the processor multiplies, or what the
/// memory brings.</summary>
internal sealed class BenchGemmCommand : ToolCommand
{
    private static readonly TimeSpan TimePerCase = TimeSpan.FromSeconds(0.7);

    // [rows, depth] x [depth, columns] with rows = tokens: squares, then the layers of models that learning is measured on.
    private static readonly (int Rows, int Columns, int Depth, ProductSides Sides)[] Shapes =
    [
        (256, 256, 256, ProductSides.Plain), (512, 512, 512, ProductSides.Plain), (1024, 1024, 1024, ProductSides.Plain),
        (2048, 2048, 2048, ProductSides.Plain), (4096, 4096, 4096, ProductSides.Plain),

        // The base model (512, feed-forward 2,048, vocabulary 16,000): queries, keys and values; feed-forward; logits; way back.
        (1024, 1536, 512, ProductSides.RightTransposed), (1024, 2048, 512, ProductSides.RightTransposed),
        (1024, 512, 2048, ProductSides.RightTransposed), (1024, 16000, 512, ProductSides.RightTransposed),
        (1024, 512, 1536, ProductSides.Plain), (2048, 512, 1024, ProductSides.LeftTransposed),
        (512, 2048, 1024, ProductSides.LeftTransposed),

        // The quickstart's model (256, feed-forward 1,024, vocabulary 8,000): feed-forward and logits.
        (1280, 1024, 256, ProductSides.RightTransposed), (1280, 256, 1024, ProductSides.RightTransposed),
        (1280, 8000, 256, ProductSides.RightTransposed),

        // GPT-2's smallest (768, feed-forward 3,072): feed-forward and the gradient of its first weight.
        (1024, 3072, 768, ProductSides.RightTransposed), (1024, 768, 3072, ProductSides.RightTransposed),
        (3072, 768, 1024, ProductSides.LeftTransposed),
    ];

    private readonly Option<int?> _size = NumberOption.Whole("--size", "Measure this square alone.", 1, 16_384);

    public BenchGemmCommand() : base("gemm", "Measure matrix products, and their share of what the machine can do.")
    {
        Add(_size);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["multihead bench gemm", "multihead bench gemm --size 4096 --json"];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var team = ThreadTeam.Shared;
        var shapes = invocation.Get(_size) is { } size ? [(size, size, size, ProductSides.Plain)] : Shapes;
        var measured = Measurements.Take(MachineMemory.Read(), invocation.Cancellation);
        var progress = new CountDisplay(invocation.Output, "measured", shapes.Length * measured.Peaks.Count);
        List<Case> cases = [];
        foreach (var peak in measured.Peaks)
        {
            foreach (var (rows, columns, depth, sides) in shapes)
            {
                var seconds = ProductSpeed.MedianSeconds(team, rows, columns, depth, sides, peak.Format, TimePerCase,
                    invocation.Cancellation);
                cases.Add(new Case(rows, columns, depth, sides, peak.Format, seconds, 1e9 * peak.AllThreads,
                    1e9 * measured.ReadGigabytes));
                progress.Report(cases.Count);
            }
        }
        progress.Finish();
        Tables.Write(invocation.Output, ["product", "precision", "GFLOP/s", "share", "of"],
            [.. cases.Select(c => new[] { c.Name, c.Format.Name(), Text(c.Flops / 1e9, "F0"), Text(c.Share, "F2"), c.Binds })]);
        if (invocation.Get(JsonOption.Instance)) invocation.Output.Json(json =>
        {
            json.WriteNumber("threads", team.ThreadCount);
            json.WriteStartArray("cases");
            foreach (var one in cases)
            {
                json.WriteStartObject();
                json.WriteString("name", one.Name);
                json.WriteString("precision", one.Format.Name());
                json.WriteNumber("gflops", Math.Round(one.Flops / 1e9, 1));
                json.WriteNumber("ceilingGflops", Math.Round(one.Ceiling / 1e9, 1));
                json.WriteNumber("share", Math.Round(one.Share, 4));
                json.WriteString("binds", one.Binds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>One product and its ceiling: the processor's, or what reading both sides and writing C once would allow.
    /// </summary>
    private sealed record Case(int Rows, int Columns, int Depth, ProductSides Sides, ProductFormat Format, double Seconds,
        double Peak, double Read)
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"{Rows} x {Columns} x {Depth}{Transposed}");

        private string Transposed => Sides switch
        {
            ProductSides.LeftTransposed => ", A transposed",
            ProductSides.RightTransposed => ", B transposed",
            _ => "",
        };

        public double Flops => Work / Seconds;

        public double Ceiling => Math.Min(Peak, ByMemory);

        public double Share => Flops / Ceiling;

        public string Binds => Peak <= ByMemory ? "arithmetic" : "memory";

        private double Work => 2.0 * Rows * Columns * Depth;

        private double ByMemory =>
            Work / (sizeof(float) * ((double)Rows * Depth + (double)Depth * Columns + (double)Rows * Columns)) * Read;
    }
}
