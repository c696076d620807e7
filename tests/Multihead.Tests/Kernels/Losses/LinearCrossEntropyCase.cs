using Multihead.Kernels.Gemm;
using Multihead.Kernels.Losses;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Losses;

/// <summary>A random output layer with targets (every seventh ignored) and room for all that comes out.</summary>
internal sealed unsafe class LinearCrossEntropyCase : IDisposable
{
    public const int Ignored = -100;
    public const float GradientScale = 0.37f;

    public readonly int Rows, Dim, Vocabulary;
    public readonly float Smoothing;
    public readonly bool Accumulate;
    public readonly FloatBuffer Hidden, Table, Losses, Nll, DHidden, OldDTable, DTable, OldDBias, DBias;
    public readonly FloatBuffer? Bias;
    public readonly int[] Targets;

    public LinearCrossEntropyCase(Random random, int rows, int dim, int vocabulary, float smoothing, bool bias, bool accumulate)
    {
        (Rows, Dim, Vocabulary, Smoothing, Accumulate) = (rows, dim, vocabulary, smoothing, accumulate);
        Hidden = FloatBuffer.Random(random, (long)rows * dim, 1);
        Table = FloatBuffer.Random(random, (long)vocabulary * dim, 1);
        Bias = bias ? FloatBuffer.Random(random, vocabulary, 1) : null;
        (Losses, Nll, DHidden) = (new FloatBuffer(rows), new FloatBuffer(rows), new FloatBuffer((long)rows * dim));
        OldDTable = FloatBuffer.Random(random, (long)vocabulary * dim, 1);
        OldDBias = FloatBuffer.Random(random, vocabulary, 1);
        if (!accumulate)
        {
            OldDTable.Span.Clear();
            OldDBias.Span.Clear();
        }
        (DTable, DBias) = (new FloatBuffer(OldDTable.Span), new FloatBuffer(OldDBias.Span));
        Targets = new int[rows];
        for (var i = 0; i < rows; i++) Targets[i] = i % 7 == 3 ? Ignored : random.Next(vocabulary);
    }

    public long ScratchFloats(bool gradients) =>
        LinearCrossEntropy.ScratchFloats(Rows, Dim, Vocabulary, gradients, ProductFormat.Fp32);

    public void Forward(ThreadTeam team, bool gradients = true)
    {
        using var scratch = new FloatBuffer(ScratchFloats(gradients));
        Forward(team, gradients ? DHidden : null, scratch);
    }

    public void Forward(ThreadTeam team, FloatBuffer? dHidden, FloatBuffer scratch)
    {
        OldDTable.Span.CopyTo(DTable.Span);
        OldDBias.Span.CopyTo(DBias.Span);
        fixed (int* targets = Targets)
            LinearCrossEntropy.Forward(team, Hidden.Pointer, new Matrix(Table.Pointer, Vocabulary, Dim),
                Bias is null ? null : Bias.Pointer, targets, Losses.Pointer, Nll.Pointer, dHidden is null ? null : dHidden.Pointer,
                DTable.Pointer, Bias is null ? null : DBias.Pointer, Rows, Dim, Vocabulary, Smoothing, GradientScale, Ignored,
                scratch.Pointer);
    }

    public void Dispose()
    {
        foreach (var buffer in new[] { Hidden, Table, Losses, Nll, DHidden, OldDTable, DTable, OldDBias, DBias })
            buffer.Dispose();
        Bias?.Dispose();
    }
}
