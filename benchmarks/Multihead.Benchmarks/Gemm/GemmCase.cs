using Multihead.Benchmarks.Harness;

namespace Multihead.Benchmarks.Gemm;

/// <summary>C = A B with A [rows, depth] and B [depth, columns].</summary>
internal sealed class GemmCase(int rows, int columns, int depth) : BenchmarkCase
{
    // Both sides sum the same products in another order, 4,096 at most, and round at 2^-24.
    private const double Fp32Tolerance = 1e-5;

    // Both sides round the same operands in the same way, libtorch rounds C too: by 2^-9 at most, a third of that on average.
    private const double Bf16Tolerance = 5e-3;

    /// <summary>Squares, then the forward products of the models that are trained: what a layer does to the tokens of a batch,
    /// and the vocabulary.</summary>
    public static IReadOnlyList<GemmCase> All { get; } =
    [
        new(512, 512, 512), new(1024, 1024, 1024), new(2048, 2048, 2048), new(4096, 4096, 4096),
        new(1024, 512, 512), new(1024, 2048, 512), new(1024, 512, 2048), new(1024, 16_000, 512),
        new(1280, 256, 256), new(1280, 1024, 256), new(1280, 256, 1024), new(1280, 8_000, 256),
        new(4096, 128, 128), new(4096, 256, 128), new(4096, 128, 256), new(4096, 10_000, 128),
        new(1024, 768, 768), new(1024, 3072, 768), new(1024, 768, 3072), new(1024, 16_000, 768),
    ];

    public int Rows => rows;

    public int Columns => columns;

    public int Depth => depth;

    public override string Name => $"{rows}x{columns}x{depth}";

    public override string Unit => "GFLOP/s";

    public override double UnitsPerStep => FlopsPerStep / 1e9;

    public override double FlopsPerStep => 2.0 * rows * columns * depth;

    public override TimeSpan Turn => TimeSpan.FromSeconds(0.3);

    public override IReadOnlyList<Pairing> Pairings { get; } =
    [
        Pairing.Of("fp32", Contestant.Libtorch, "fp32", Fp32Tolerance),
        Pairing.Of("fp32", Contestant.OpenBlas, "fp32", Fp32Tolerance),
        Pairing.Of("bf16", Contestant.Libtorch, "bf16", Bf16Tolerance),
    ];

    public override IReadOnlyList<string> Script => [];

    public override void WriteInputs(Exchange inputs)
    {
        RandomInputs.Write(inputs, "a", 0, rows * depth, 0.5f);
        RandomInputs.Write(inputs, "b", 1, depth * columns, 0.5f);
    }

    public override IWork Prepare(Contestant contestant, Exchange inputs) => contestant.Program switch
    {
        Contestant.Ours => new OurGemm(this, contestant.Precision, inputs),
        Contestant.Libtorch => new LibtorchGemm(this, contestant.Precision, inputs),
        Contestant.OpenBlas => new OpenBlasGemm(this, inputs),
        _ => throw new ArgumentOutOfRangeException(nameof(contestant)),
    };
}
