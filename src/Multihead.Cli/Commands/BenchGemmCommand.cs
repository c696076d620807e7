using System.CommandLine;
using Multihead.Cli.Doctor;
using Multihead.Cli.Output;
using Multihead.Cli.Shell;
using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;
using static System.FormattableString;

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
        List<SpeedRow> rows = [];
        foreach (var peak in measured.Peaks)
        {
            foreach (var shape in shapes)
            {
                var seconds = ProductSpeed.MedianSeconds(team, shape.Rows, shape.Columns, shape.Depth, shape.Sides, peak.Format,
                    TimePerCase, invocation.Cancellation);
                rows.Add(new SpeedRow(Label(shape), peak.Format, new Roofline(2.0 * shape.Rows * shape.Columns * shape.Depth,
                    Bytes(shape), seconds, 1e9 * peak.AllThreads, 1e9 * measured.ReadGigabytes)));
                progress.Report(rows.Count);
            }
        }
        progress.Finish();
        SpeedTable.Write(invocation, "product", team.ThreadCount, rows, (json, row) => json.WriteString("name", row.Name));
    }

    // Both sides read and C written once.
    private static double Bytes((int Rows, int Columns, int Depth, ProductSides Sides) shape) => sizeof(float)
        * ((double)shape.Rows * shape.Depth + (double)shape.Depth * shape.Columns + (double)shape.Rows * shape.Columns);

    private static string Label((int Rows, int Columns, int Depth, ProductSides Sides) shape)
    {
        var transposed = shape.Sides switch
        {
            ProductSides.LeftTransposed => ", A transposed",
            ProductSides.RightTransposed => ", B transposed",
            _ => "",
        };
        return Invariant($"{shape.Rows} x {shape.Columns} x {shape.Depth}{transposed}");
    }
}
