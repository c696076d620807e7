using Multihead.Kernels.Assembly;
using Multihead.Kernels.Gemm;
using Multihead.Training;
using Multihead.Training.Reports;
using Multihead.Training.Schedules;

namespace Multihead.Tests.Training;

/// <summary>Learning with bf16 operands: repeats like fp32, differs from it only a little, and is refused where it would be slow.
/// </summary>
public class PrecisionTests
{
    private static readonly TrainingScene Bf16 =
        TrainingScene.Small with { Options = TrainingScene.Small.Options with { Precision = Precision.Bf16 } };

    [Fact]
    public void ARunIsTheSameWhateverTheThreadsAndTheStops()
    {
        RequireBf16();
        using ScratchFolder whole = new(), threads = new(), stopped = new();
        var expected = Bf16.Play(whole);
        AssertSameRun(expected, Bf16.Play(threads, threads: 3));
        AssertSameRun(expected, Bf16.Play(stopped, threads: 2, stops: [1, 7, 18]));
    }

    [Fact]
    public void LossesStayNearThoseOfFp32()
    {
        RequireBf16();
        var scene = TrainingScene.Small with
        {
            Options = new TrainingOptions
            {
                Steps = 60,
                BatchTokens = 96,
                Schedule = new LinearSchedule { PeakRate = 0.005, WarmupSteps = 10 },
                AveragedStates = 1,
            },
        };
        using ScratchFolder one = new(), other = new();
        var fp32 = Losses(scene.Play(one));
        var bf16 = Losses((scene with { Options = scene.Options with { Precision = Precision.Bf16 } }).Play(other));
        Assert.NotEqual(fp32, bf16);
        // 8 bits of each operand are 0.4 percent at most; errors of many products cancel, and grow with the steps.
        for (var i = 0; i < fp32.Length; i++) Assert.InRange(bf16[i] / fp32[i], 0.95, 1.05);
        Assert.True(bf16[^1] < 0.7 * bf16[0], $"nothing was learned: {bf16[0]} to {bf16[^1]}");
    }

    [Fact]
    public void FastestIsSettledByTheProcessorAndBf16IsRefusedWithoutIt()
    {
        var served = AssembledProduct.Serves(ProductFormat.Bf16);
        Assert.Equal(served ? Precision.Bf16 : Precision.Fp32, Precision.Fastest.Settled());
        Assert.Equal(Precision.Fp32, Precision.Fp32.Settled());
        var asked = new TrainingOptions { Precision = Precision.Bf16 };
        if (served) asked.Validate();
        else Assert.Contains("'precision' is bf16", Assert.Throws<MultiheadException>(asked.Validate).Message, StringComparison.Ordinal);
    }

    private static float[] Losses(RunFolder run) => [.. LossLog.Read(run.LossLog).Select(row => row.Loss)];

    private static void AssertSameRun(RunFolder expected, RunFolder actual)
    {
        Assert.Equal(File.ReadAllBytes(expected.LossLog), File.ReadAllBytes(actual.LossLog));
        Assert.Equal(File.ReadAllBytes(expected.Weights), File.ReadAllBytes(actual.Weights));
    }

    private static void RequireBf16()
    {
        if (!AssembledProduct.Serves(ProductFormat.Bf16))
            Assert.Skip($"this process cannot multiply bf16 (AVX512-BF16 {ProcessorFeatures.Avx512Bf16}, code {MachineCode.IsAllowed})");
    }
}
