using Multihead.Benchmarks.Harness;

namespace Multihead.Benchmarks.Attention;

/// <summary>Causal attention forward and backward over one sequence: 8 heads of 64. The heads of a token stand side by side in
/// memory, [length, heads * headDim], as a projection leaves them.</summary>
internal sealed class AttentionCase(int length) : BenchmarkCase
{
    public const int HeadCount = 8;
    public const int HeadDim = 64;

    // Sums of up to 16,384 products in another order, and exponentials of other polynomials: 2e-6 was seen.
    private const double Fp32Tolerance = 1e-5;

    // Operands are rounded by up to 2^-9, and so are probabilities and their gradients between the products, and on their side
    // outputs and gradients: several such errors on end, 3e-3 against fp32 and 6e-3 against their bf16 were seen.
    private const double Bf16Tolerance = 2e-2;

    // PyTorch 1.13 has no fused attention: one matrix of length by length a head, several of them at once.
    private const int LongestInMemory = 4096;

    public static IReadOnlyList<AttentionCase> All { get; } = [new(256), new(1024), new(4096), new(16_384)];

    public int Length => length;

    public override string Name => $"length {length}";

    public override string Unit => "GFLOP/s";

    public override double UnitsPerStep => FlopsPerStep / 1e9;

    /// <summary>Two products forward and five backward (the logits are made again), of the visible half.</summary>
    public override double FlopsPerStep => 7.0 * 2 * HeadCount * HeadDim * length * (length + 1.0) / 2;

    public override TimeSpan Turn => TimeSpan.FromSeconds(1.5);

    public override IReadOnlyList<Pairing> Pairings { get; } =
    [
        Pairing.Of("fp32", Contestant.Libtorch, "fp32", Fp32Tolerance),
        Pairing.Of("bf16", Contestant.Libtorch, "fp32", Bf16Tolerance),
        Pairing.Of("bf16", Contestant.Libtorch, "bf16", Bf16Tolerance),
        .. length <= LongestInMemory
            ? new[] { Pairing.Of("fp32", Contestant.Pytorch, "fp32", Fp32Tolerance) }
            : [],
    ];

    public override IReadOnlyList<string> Script => ["attention.py", $"{length}", $"{HeadCount}", $"{HeadDim}"];

    public override void WriteInputs(Exchange inputs)
    {
        // The range gives logits a standard deviation of about one.
        ulong stream = 0;
        foreach (var name in (string[])["query", "key", "value", "outputGradient"])
            RandomInputs.Write(inputs, name, stream++, length * HeadCount * HeadDim, MathF.Sqrt(3));
    }

    public override IWork Prepare(Contestant contestant, Exchange inputs) => contestant.Program switch
    {
        Contestant.Ours => new OurAttention(length, contestant.Precision, inputs),
        Contestant.Libtorch => new LibtorchAttention(length, contestant.Precision, inputs),
        _ => throw new ArgumentOutOfRangeException(nameof(contestant)),
    };
}
