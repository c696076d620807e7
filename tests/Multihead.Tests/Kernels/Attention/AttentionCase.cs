using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Multihead.Kernels.Attention;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Attention;

/// <summary>A batch with random content. Query, key and value are columns of one wide matrix, spans have gaps between them, and
/// everything that attention must not read is NaN.</summary>
internal sealed unsafe class AttentionCase
{
    /// <summary>What stands where nothing may be written.</summary>
    public const float Untouched = 12345;

    private readonly AttentionSpan[] _spans;
    private readonly int _rows;

    public AttentionCase(AttentionSpan[] spans, int heads, int keyValueHeads, int headDim, bool causal, int seed)
    {
        _spans = GC.AllocateUninitializedArray<AttentionSpan>(spans.Length, pinned: true);
        spans.CopyTo(_spans, 0);
        (Heads, KeyValueHeads, HeadDim, Causal) = (heads, keyValueHeads, headDim, causal);
        Scale = 1 / MathF.Sqrt(headDim);
        Sees = (position, key) => !causal || key <= position;
        _rows = spans.Select(s => Math.Max(s.QueryStart + s.QueryCount, s.KeyStart + s.KeyCount)).Append(0).Max() + 1;
        Inputs = New(_rows * InputStride, float.NaN);
        Output = New(_rows * OutputStride, Untouched);
        LogSumExp = New(_rows * heads, Untouched);
        OutputGradient = New(_rows * OutputStride, float.NaN);
        Gradients = New(_rows * InputStride, Untouched);
        var random = new Random(seed);
        foreach (var span in spans)
        {
            for (var i = 0; i < span.QueryCount * Width; i++)
            {
                Inputs[(span.QueryStart + i / Width) * InputStride + QueryColumn + i % Width] = Draw(random);
                OutputGradient[(span.QueryStart + i / Width) * OutputStride + 1 + i % Width] = Draw(random);
            }
            for (var i = 0; i < span.KeyCount * KeyWidth; i++)
            {
                var row = (span.KeyStart + i / KeyWidth) * InputStride + i % KeyWidth;
                (Inputs[row + KeyColumn], Inputs[row + ValueColumn]) = (Draw(random) * 2, Draw(random));
            }
        }
    }

    public int Heads { get; }
    public int KeyValueHeads { get; }
    public int HeadDim { get; }
    public bool Causal { get; }
    public float Scale { get; set; }
    public float DropoutRate { get; set; }
    public DropoutKey DropoutKey { get; set; } = new(7, 9);
    public bool Accumulate { get; set; }
    public ProductFormat Format { get; set; }

    /// <summary>Whether a query at a position sees a key, for the reference.</summary>
    public Func<int, int, bool> Sees { get; set; }

    /// <summary>The logit of a scaled score and its slope, for the reference.</summary>
    public Func<double, (double Logit, double Slope)> Logit { get; set; } = score => (score, 1);

    public float[] Inputs { get; }
    public float[] Output { get; }
    public float[] LogSumExp { get; }
    public float[] OutputGradient { get; }
    public float[] Gradients { get; }

    public ReadOnlySpan<AttentionSpan> Spans => _spans;
    public int Width => Heads * HeadDim;
    public int KeyWidth => KeyValueHeads * HeadDim;
    public int InputStride => Width + 2 * KeyWidth + 3;
    public int OutputStride => Width + 2;
    public static int QueryColumn => 1;
    public int KeyColumn => 1 + Width;
    public int ValueColumn => 1 + Width + KeyWidth;

    public int QueryAt(int row, int head) => row * InputStride + QueryColumn + head * HeadDim;
    public int KeyAt(int row, int head) => row * InputStride + KeyColumn + head * HeadDim;
    public int ValueAt(int row, int head) => row * InputStride + ValueColumn + head * HeadDim;
    public int OutputAt(int row, int head) => row * OutputStride + 1 + head * HeadDim;

    /// <summary>The three widths, to be run one after another whatever the processor has.</summary>
    public static TheoryData<int> Paths => [512, 256, 128];

    public void Forward(ThreadTeam team, int bits)
    {
        var problem = Problem();
        if (bits == 512) FusedAttention.Forward<Simd512, Vector512<float>>(team, problem);
        else if (bits == 256) FusedAttention.Forward<Simd256, Vector256<float>>(team, problem);
        else FusedAttention.Forward<Simd128, Vector128<float>>(team, problem);
    }

    public void Backward(ThreadTeam team, int bits)
    {
        var (problem, gradients) = (Problem(), GradientsOf());
        if (bits == 512) FusedAttention.Backward<Simd512, Vector512<float>>(team, problem, gradients);
        else if (bits == 256) FusedAttention.Backward<Simd256, Vector256<float>>(team, problem, gradients);
        else FusedAttention.Backward<Simd128, Vector128<float>>(team, problem, gradients);
    }

    /// <summary>Both passes of a kind of attention.</summary>
    public void Pass<TKeys, TLogits>(ThreadTeam team, int bits, TKeys keys, TLogits logits)
        where TKeys : unmanaged, IVisibleKeys where TLogits : unmanaged, ILogits
    {
        if (bits == 512) Pass<Simd512, Vector512<float>, TKeys, TLogits>(team, keys, logits);
        else if (bits == 256) Pass<Simd256, Vector256<float>, TKeys, TLogits>(team, keys, logits);
        else Pass<Simd128, Vector128<float>, TKeys, TLogits>(team, keys, logits);
    }

    private void Pass<TSimd, V, TKeys, TLogits>(ThreadTeam team, TKeys keys, TLogits logits)
        where TSimd : struct, ISimd<V> where V : struct
        where TKeys : unmanaged, IVisibleKeys where TLogits : unmanaged, ILogits
    {
        FusedAttention.Forward<TSimd, V, TKeys, TLogits>(team, Problem(), keys, logits);
        FusedAttention.Backward<TSimd, V, TKeys, TLogits>(team, Problem(), GradientsOf(), keys, logits);
    }

    private AttentionGradients GradientsOf() => new()
    {
        Output = Pointer(OutputGradient) + 1,
        OutputStride = OutputStride,
        Query = Pointer(Gradients) + QueryColumn,
        QueryStride = InputStride,
        Key = Pointer(Gradients) + KeyColumn,
        KeyStride = InputStride,
        Value = Pointer(Gradients) + ValueColumn,
        ValueStride = InputStride,
        Accumulate = Accumulate,
    };

    public AttentionProblem Problem() => new()
    {
        Query = Pointer(Inputs) + QueryColumn,
        QueryStride = InputStride,
        Key = Pointer(Inputs) + KeyColumn,
        KeyStride = InputStride,
        Value = Pointer(Inputs) + ValueColumn,
        ValueStride = InputStride,
        Output = Pointer(Output) + 1,
        OutputStride = OutputStride,
        LogSumExp = Pointer(LogSumExp),
        Spans = (AttentionSpan*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_spans)),
        SpanCount = _spans.Length,
        HeadCount = Heads,
        KeyValueHeadCount = KeyValueHeads,
        HeadDim = HeadDim,
        Scale = Scale,
        Causal = Causal,
        Format = Format,
        DropoutRate = DropoutRate,
        DropoutKey = DropoutKey,
    };

    /// <summary>One random span list with lengths that meet every edge of the blocks.</summary>
    public static AttentionSpan[] RandomSpans(Random random, int count, bool sameLength)
    {
        int[] edges = [0, 1, 2, 3, 4, 5, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129];
        var spans = new AttentionSpan[count];
        int queries = random.Next(3), keys = random.Next(3);
        for (var i = 0; i < count; i++)
        {
            var keyCount = random.Next(2) == 0 ? edges[random.Next(edges.Length)] : random.Next(131);
            var queryCount = sameLength ? keyCount : random.Next(2) == 0 ? random.Next(131) : random.Next(keyCount + 1);
            spans[i] = new AttentionSpan(queries, queryCount, keys, keyCount);
            queries += queryCount + random.Next(2);
            keys += keyCount + random.Next(2);
        }
        return spans;
    }

    private static float Draw(Random random) => (float)(random.NextDouble() * 2 - 1);

    private static float[] New(int count, float value)
    {
        var array = GC.AllocateUninitializedArray<float>(count, pinned: true);
        Array.Fill(array, value);
        return array;
    }

    private static float* Pointer(float[] pinned) => (float*)Unsafe.AsPointer(ref pinned[0]);
}
