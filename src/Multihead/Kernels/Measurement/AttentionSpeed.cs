using System.Runtime.InteropServices;
using Multihead.Kernels.Attention;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Measurement;

/// <summary>Measures how fast causal attention over one sequence is, forward and backward, as learning does it.</summary>
internal static unsafe class AttentionSpeed
{
    // Matrices [tokens, heads * headDim]: query, key, value, output and the gradients of the four.
    private const int Matrices = 8;

    /// <summary>The formats that attention has here.</summary>
    public static IReadOnlyList<ProductFormat> Formats { get; } =
        [.. ProductFormats.Served.Where(format => format is ProductFormat.Fp32 or ProductFormat.Bf16)];

    /// <summary>Multiply-adds count as two; seen pairs of query and key alone: 2 products forward, 5 backward.</summary>
    public static double Flops(int length, int heads, int headDim) => 7 * 2.0 * headDim * heads * length * (length + 1.0) / 2;

    /// <summary>Bytes that come from memory or go there if every matrix does once in each pass: 4 forward, and in the backward
    /// pass all 8.</summary>
    public static double Bytes(int length, int heads, int headDim) =>
        (4 + Matrices) * sizeof(float) * (double)length * heads * headDim;

    /// <summary>The median over repeated passes, forward and backward together, in seconds.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="length">Of the sequence, 1 or more.</param>
    /// <param name="heads">1 or more.</param>
    /// <param name="headDim">1..256.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="time">About how long to repeat.</param>
    /// <param name="cancellation">Looked at between two passes.</param>
    public static double MedianSeconds(ThreadTeam team, int length, int heads, int headDim, ProductFormat format, TimeSpan time,
        CancellationToken cancellation)
    {
        var size = (long)length * heads * headDim;
        var floats = Matrices * size + (long)length * heads;
        var memory = (float*)NativeMemory.AlignedAlloc(checked((nuint)floats * sizeof(float)), 64);
        try
        {
            var random = new PhiloxGenerator(seed: 1, stream: 0);
            for (long i = 0; i < Matrices * size; i++) memory[i] = random.NextFloat() - 0.5f;
            var span = new AttentionSpan(0, length, 0, length);
            var width = heads * headDim;
            var problem = new AttentionProblem
            {
                Query = memory,
                QueryStride = width,
                Key = memory + size,
                KeyStride = width,
                Value = memory + 2 * size,
                ValueStride = width,
                Output = memory + 3 * size,
                OutputStride = width,
                LogSumExp = memory + Matrices * size,
                Spans = &span,
                SpanCount = 1,
                HeadCount = heads,
                KeyValueHeadCount = heads,
                HeadDim = headDim,
                Scale = 1 / MathF.Sqrt(headDim),
                Causal = true,
                Format = format,
            };
            var gradients = new AttentionGradients
            {
                Output = memory + 4 * size,
                OutputStride = width,
                Query = memory + 5 * size,
                QueryStride = width,
                Key = memory + 6 * size,
                KeyStride = width,
                Value = memory + 7 * size,
                ValueStride = width,
            };
            return Repetition.MedianSeconds(time, cancellation, () =>
            {
                FusedAttention.Forward(team, problem);
                FusedAttention.Backward(team, problem, gradients);
            });
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
