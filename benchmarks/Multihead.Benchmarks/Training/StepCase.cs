using Multihead.Benchmarks.Harness;
using Multihead.Kernels.Threading;
using Multihead.Training;
using Multihead.Training.Benchmarks;

namespace Multihead.Benchmarks.Training;

/// <summary>A whole step of training: forward, backward, gradient clipping, Adam; no dropout, so that all contestants compute the
/// same. Loss and gradient norm of the first step are compared.</summary>
internal sealed class StepCase(string name) : BenchmarkCase
{
    // Sums in another order through up to 18 layers forward and back: 1e-6 is common.
    private const double Fp32Tolerance = 1e-4;

    // Operands are rounded by up to 2^-9 at other places: libtorch also rounds what products give.
    private const double Bf16Tolerance = 2e-2;

    private double _tokens;
    private double _flops;

    public static IReadOnlyList<StepCase> All { get; } = [.. TrainingCases.Names.Select(name => new StepCase(name))];

    public override string Name => name;

    public override string Unit => "tokens/s";

    /// <summary>Source and target tokens; known when the inputs have been written.</summary>
    public override double UnitsPerStep => _tokens;

    /// <summary>Known when the inputs have been written.</summary>
    public override double FlopsPerStep => _flops;

    public override TimeSpan Turn => TimeSpan.FromSeconds(2);

    public override IReadOnlyList<Pairing> Pairings { get; } =
    [
        Pairing.Of("fp32", Contestant.Libtorch, "fp32", Fp32Tolerance),
        Pairing.Of("bf16", Contestant.Libtorch, "fp32", Bf16Tolerance),
        Pairing.Of("bf16", Contestant.Libtorch, "bf16", Bf16Tolerance),
        Pairing.Of("fp32", Contestant.Pytorch, "fp32", Fp32Tolerance),
    ];

    public override IReadOnlyList<string> Script => ["train.py"];

    /// <summary>The file with the first weights and the batch.</summary>
    public static string FileIn(Exchange inputs) => Path.Combine(inputs.Folder, "case.safetensors");

    /// <summary>Writes what is compared.</summary>
    public static void WriteResults(Exchange results, double loss, double gradientNorm)
    {
        results.Write("loss", [(float)loss]);
        results.Write("gradientNorm", [(float)gradientNorm]);
    }

    public override void WriteInputs(Exchange inputs)
    {
        using var one = TrainingCases.Create(name, Precision.Fp32, ThreadTeam.Shared);
        one.WriteFile(FileIn(inputs));
        (_tokens, _flops) = (one.Tokens, one.Flops);
    }

    public override IWork Prepare(Contestant contestant, Exchange inputs) => contestant.Program switch
    {
        Contestant.Ours => new OurStep(name, contestant.Precision),
        Contestant.Libtorch => new LibtorchStep(contestant.Precision, inputs),
        _ => throw new ArgumentOutOfRangeException(nameof(contestant)),
    };
}
