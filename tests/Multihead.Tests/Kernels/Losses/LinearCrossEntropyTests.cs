using Multihead.Kernels.Gemm;
using Multihead.Kernels.Losses;
using Multihead.Kernels.Threading;
using static Multihead.Tests.Kernels.Gemm.ProductReference;

namespace Multihead.Tests.Kernels.Losses;

public unsafe class LinearCrossEntropyTests
{
    private const int Chunk = LinearCrossEntropy.MostChunkRows;

    [Theory, InlineData(0f), InlineData(0.1f), InlineData(0.7f)]
    public void LossesAndGradientsAreThoseOfPlainLoops(float smoothing)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(41);
        foreach (var rows in new[] { 0, 1, 7, 13, Chunk, Chunk + 1, 2 * Chunk + 17 })
            foreach (var (dim, vocabulary, bias, accumulate) in
                new[] { (5, 3, false, true), (33, 101, true, false), (16, 70, true, true), (1, 1, false, false) })
            {
                using var problem = new LinearCrossEntropyCase(random, rows, dim, vocabulary, smoothing, bias, accumulate);
                problem.Forward(team);
                var expected = new LinearCrossEntropyReference(problem);
                AssertNear(expected.Losses, problem.Losses, expected.LossErrors, "loss");
                AssertNear(expected.Nll, problem.Nll, expected.LossErrors, "nll");
                AssertNear(expected.DHidden, problem.DHidden, expected.DHiddenErrors, "dHidden");
                AssertNear(expected.DTable, problem.DTable, expected.DTableErrors, "dTable");
                if (bias) AssertNear(expected.DBias, problem.DBias, expected.DBiasErrors, "dBias");
                else AssertSameBits(problem.OldDBias.Span, problem.DBias.Span, "dBias without a bias");
            }
    }

    private static void AssertNear(double[] expected, FloatBuffer actual, double[] errors, string what)
    {
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(actual.Span[i] - expected[i]) <= errors[i]))
                Assert.Fail($"{what}[{i}] is {actual.Span[i]:R}, expected {expected[i]:R} within {errors[i]:R}");
    }

    [Fact]
    public void GradientsAreTheSlopesOfTheLoss()
    {
        using var team = new ThreadTeam(2);
        using var problem = new LinearCrossEntropyCase(new Random(42), 9, 6, 11, 0.1f, bias: true, accumulate: false);
        problem.Forward(team);
        var reference = new LinearCrossEntropyReference(problem);
        foreach (var (values, gradients) in new[]
            { (problem.Hidden, problem.DHidden), (problem.Table, problem.DTable), (problem.Bias!, problem.DBias) })
            for (var i = 0; i < values.Count; i++)
            {
                var value = values.Span[i];
                values.Span[i] = value + 1e-3f;
                var (up, upLoss) = (values.Span[i], SummedLoss(problem, reference));
                values.Span[i] = value - 1e-3f;
                var (down, downLoss) = (values.Span[i], SummedLoss(problem, reference));
                values.Span[i] = value;
                var slope = LinearCrossEntropyCase.GradientScale * (upLoss - downLoss) / ((double)up - down);
                // Central differences leave the step squared times the third derivative, here below 3.
                Assert.Equal(slope, gradients.Span[i], 3e-6);
            }
    }

    private static double SummedLoss(LinearCrossEntropyCase problem, LinearCrossEntropyReference reference)
    {
        var sum = 0.0;
        for (var i = 0; i < problem.Rows; i++)
            if (problem.Targets[i] != LinearCrossEntropyCase.Ignored)
                sum += LinearCrossEntropyReference.Loss(reference.Logits(i, problem.Hidden.Span), problem.Targets[i],
                    problem.Smoothing).Loss;
        return sum;
    }

    [Theory, InlineData(Chunk), InlineData(3 * Chunk - 1), InlineData(2 * Chunk + 1)]
    public void ChunksLeaveNoTraceInTheBits(int rows)
    {
        using var team = new ThreadTeam(2);
        using var problem = new LinearCrossEntropyCase(new Random(43), rows, 40, 130, 0.1f, bias: true, accumulate: true);
        problem.Forward(team);
        var (dim, vocabulary) = (problem.Dim, problem.Vocabulary);
        using var logits = new FloatBuffer((long)rows * vocabulary);
        using var losses = new FloatBuffer(rows);
        using var nll = new FloatBuffer(rows);
        using var dHidden = new FloatBuffer((long)rows * dim);
        using var dTable = new FloatBuffer(problem.OldDTable.Span);
        var hiddenMatrix = new Matrix(problem.Hidden.Pointer, rows, dim);
        var tableMatrix = new Matrix(problem.Table.Pointer, vocabulary, dim);
        var logitMatrix = new Matrix(logits.Pointer, rows, vocabulary);
        MatrixProduct.Multiply(team, hiddenMatrix, tableMatrix.Transposed, logits.Pointer, vocabulary, false,
            new AddBias(problem.Bias!.Pointer));
        fixed (int* targets = problem.Targets)
            CrossEntropyRows.Forward(team, logits.Pointer, targets, losses.Pointer, nll.Pointer, rows, vocabulary,
                problem.Smoothing, LinearCrossEntropyCase.GradientScale, LinearCrossEntropyCase.Ignored);
        MatrixProduct.Multiply(team, logitMatrix, tableMatrix, dHidden.Pointer, dim, false, default(NoEpilogue));
        MatrixProduct.Multiply(team, logitMatrix.Transposed, hiddenMatrix, dTable.Pointer, dim, true,
            default(NoEpilogue));
        AssertSameBits(losses.Span, problem.Losses.Span, "loss");
        AssertSameBits(nll.Span, problem.Nll.Span, "nll");
        AssertSameBits(dHidden.Span, problem.DHidden.Span, "dHidden");
        AssertSameBits(dTable.Span, problem.DTable.Span, "dTable");
    }

    [Fact]
    public void EveryNumberOfThreadsGivesTheSameBits()
    {
        using var one = new ThreadTeam(1);
        using var expected = new LinearCrossEntropyCase(new Random(44), 2 * Chunk + 30, 64, 1900, 0.1f, true, true);
        expected.Forward(one);
        foreach (var threads in new[] { 2, 3, 7 })
        {
            using var team = new ThreadTeam(threads);
            using var actual = new LinearCrossEntropyCase(new Random(44), 2 * Chunk + 30, 64, 1900, 0.1f, true, true);
            actual.Forward(team);
            AssertSameBits(expected.Losses.Span, actual.Losses.Span, "loss");
            AssertSameBits(expected.DHidden.Span, actual.DHidden.Span, "dHidden");
            AssertSameBits(expected.DTable.Span, actual.DTable.Span, "dTable");
            AssertSameBits(expected.DBias.Span, actual.DBias.Span, "dBias");
        }
    }

    [Fact]
    public void EvaluatingGivesTheLossesOfTrainingAndTouchesNoGradient()
    {
        using var team = new ThreadTeam(2);
        using var problem = new LinearCrossEntropyCase(new Random(45), Chunk + 5, 20, 90, 0.1f, bias: true, accumulate: false);
        problem.Forward(team);
        float[] losses = problem.Losses.ToArray(), nll = problem.Nll.ToArray(), dHidden = problem.DHidden.ToArray();
        problem.Forward(team, gradients: false);
        AssertSameBits(losses, problem.Losses.Span, "loss");
        AssertSameBits(nll, problem.Nll.Span, "nll");
        AssertSameBits(dHidden, problem.DHidden.Span, "dHidden");
        AssertSameBits(problem.OldDTable.Span, problem.DTable.Span, "dTable");
        AssertSameBits(problem.OldDBias.Span, problem.DBias.Span, "dBias");
    }

    [Fact]
    public void TheGradientMayOverwriteTheHiddenStates()
    {
        using var team = new ThreadTeam(2);
        using var problem = new LinearCrossEntropyCase(new Random(48), Chunk + 5, 20, 90, 0.1f, bias: false, accumulate: false);
        problem.Forward(team);
        float[] dHidden = problem.DHidden.ToArray(), dTable = problem.DTable.ToArray();
        using var scratch = new FloatBuffer(problem.ScratchFloats(gradients: true));
        problem.Forward(team, problem.Hidden, scratch);
        AssertSameBits(dHidden, problem.Hidden.Span, "dHidden");
        AssertSameBits(dTable, problem.DTable.Span, "dTable");
    }

    [Fact]
    public void IgnoredRowsHaveNoLossAndNoGradient()
    {
        using var team = new ThreadTeam(2);
        using var problem = new LinearCrossEntropyCase(new Random(46), 30, 20, 90, 0.1f, bias: true, accumulate: true);
        Array.Fill(problem.Targets, LinearCrossEntropyCase.Ignored);
        problem.Forward(team);
        foreach (var zeros in new[] { problem.Losses, problem.Nll, problem.DHidden })
            Assert.False(zeros.Span.ContainsAnyExcept(0f));
        AssertSameBits(problem.OldDTable.Span, problem.DTable.Span, "dTable");
        AssertSameBits(problem.OldDBias.Span, problem.DBias.Span, "dBias");
    }

    [Fact]
    public void ForwardAllocatesNoManagedMemory()
    {
        using var team = new ThreadTeam(2);
        using var problem = new LinearCrossEntropyCase(new Random(47), Chunk + 5, 20, 90, 0.1f, bias: true, accumulate: false);
        using var scratch = new FloatBuffer(problem.ScratchFloats(gradients: true));
        var least = long.MaxValue; // over a few tries: the test runner has threads of its own
        for (var attempt = 0; attempt < 5 && least != 0; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < 10; i++) problem.Forward(team, problem.DHidden, scratch);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, least);
    }
}
