using Multihead.Kernels.Losses;
using Multihead.Kernels.Threading;
using Multihead.Tests.Kernels.Gemm;

namespace Multihead.Tests.Kernels.Losses;

/// <summary>A random output layer with targets (every seventh ignored) and room for all that comes out.</summary>
internal sealed unsafe class LinearCrossEntropyCase : IDisposable
{
    public const int Ignored = -100;
    public const float GradientScale = 0.37f;

    public readonly int Rows, Dim, Vocabulary;
    public readonly float Smoothing;
    public readonly bool Accumulate;
    public readonly Floats Hidden, Table, Losses, Nll, DHidden, OldDTable, DTable, OldDBias, DBias;
    public readonly Floats? Bias;
    public readonly int[] Targets; // pinned

    public LinearCrossEntropyCase(Random random, int rows, int dim, int vocabulary, float smoothing, bool bias, bool accumulate)
    {
        (Rows, Dim, Vocabulary, Smoothing, Accumulate) = (rows, dim, vocabulary, smoothing, accumulate);
        Hidden = Floats.Random(random, (long)rows * dim);
        Table = Floats.Random(random, (long)vocabulary * dim);
        Bias = bias ? Floats.Random(random, vocabulary) : null;
        (Losses, Nll, DHidden) = (new Floats(rows), new Floats(rows), new Floats((long)rows * dim));
        OldDTable = Floats.Random(random, (long)vocabulary * dim);
        OldDBias = Floats.Random(random, vocabulary);
        (DTable, DBias) = (new Floats(OldDTable.Span), new Floats(OldDBias.Span));
        Targets = GC.AllocateUninitializedArray<int>(rows, pinned: true);
        for (var i = 0; i < rows; i++) Targets[i] = i % 7 == 3 ? Ignored : random.Next(vocabulary);
    }

    public void Forward(ThreadTeam team, bool gradients = true)
    {
        OldDTable.Span.CopyTo(DTable.Span);
        OldDBias.Span.CopyTo(DBias.Span);
        using var scratch = new Floats(LinearCrossEntropy.ScratchFloats(Rows, Dim, Vocabulary, gradients));
        Forward(team, gradients, scratch);
        foreach (var floats in new[] { Losses, Nll, DHidden, DTable, DBias, scratch }) floats.AssertMarksUntouched();
    }

    public void Forward(ThreadTeam team, bool gradients, Floats scratch)
    {
        fixed (int* targets = Targets)
            LinearCrossEntropy.Forward(team, Hidden.Pointer, Table.Pointer, Bias is null ? null : Bias.Pointer, targets,
                Losses.Pointer, Nll.Pointer, gradients ? DHidden.Pointer : null, DTable.Pointer, Accumulate,
                Bias is null ? null : DBias.Pointer, Rows, Dim, Vocabulary, Smoothing, GradientScale, Ignored, scratch.Pointer);
    }

    public void Dispose()
    {
        foreach (var floats in new[] { Hidden, Table, Losses, Nll, DHidden, OldDTable, DTable, OldDBias, DBias }) floats.Dispose();
        Bias?.Dispose();
    }
}
