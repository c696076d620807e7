using System.Runtime.InteropServices;
using Multihead.Kernels.Attention;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Attention;

/// <summary>The numerics contract: what a row's bits may depend on, and that a call allocates nothing.</summary>
public class FusedAttentionContractTests
{
    public static TheoryData<int> Paths => AttentionCase.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void BitsAreTheSameOnAnyNumberOfThreads(int bits)
    {
        AttentionSpan[] spans = [new(0, 300, 0, 300), new(300, 33, 300, 70), new(333, 5, 370, 5)];
        float[]? output = null, statistics = null, gradients = null;
        foreach (var threads in new[] { 1, 2, 3, 7 }) // with 1 the backward pass goes by spans, with 7 it is split
        {
            using var team = new ThreadTeam(threads);
            var of = new AttentionCase(spans, 4, 2, 24, true, 1);
            of.Forward(team, bits);
            of.Backward(team, bits);
            SameBits(output ??= of.Output, of.Output);
            SameBits(statistics ??= of.LogSumExp, of.LogSumExp);
            SameBits(gradients ??= of.Gradients, of.Gradients);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void DecodedRowsEqualTheWholeCausalPass(int bits)
    {
        using var team = new ThreadTeam(1);
        const int length = 300; // more than a block of keys
        var whole = new AttentionCase([new(0, length, 0, length)], 4, 2, 24, true, 1);
        whole.Forward(team, bits);
        var singles = Enumerable.Range(0, length).Select(i => (i, 1));
        foreach (var (from, count) in singles.Concat([(0, 7), (7, 60), (67, 83), (60, 9), (250, 20)]))
        {
            var part = new AttentionCase([new(from, count, 0, from + count)], 4, 2, 24, true, 2);
            whole.Inputs.AsSpan(0, part.Inputs.Length).CopyTo(part.Inputs);
            part.Forward(team, bits);
            for (var row = from; row < from + count; row++)
            {
                var (start, width) = (whole.OutputAt(row, 0), whole.Width);
                SameBits(whole.Output.AsSpan(start, width), part.Output.AsSpan(start, width));
                SameBits(whole.LogSumExp.AsSpan(row * 4, 4), part.LogSumExp.AsSpan(row * 4, 4));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void RowsOfALongSpanEqualThoseOfAPart(int bits)
    {
        // Blocks of rows are larger in long spans.
        using var team = new ThreadTeam(2);
        const int length = 3200, count = 30;
        var whole = new AttentionCase([new(0, length, 0, length)], 1, 1, 8, true, 1);
        whole.Forward(team, bits);
        var part = new AttentionCase([new(length - count, count, 0, length)], 1, 1, 8, true, 2);
        whole.Inputs.CopyTo(part.Inputs.AsSpan());
        part.Forward(team, bits);
        SameBits(whole.Output.AsSpan(whole.OutputAt(length - count, 0)), part.Output.AsSpan(part.OutputAt(length - count, 0)));
    }

    [Theory, MemberData(nameof(Paths))]
    public void ASpanAloneEqualsTheSpanInABatch(int bits)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(1);
        foreach (var causal in new[] { false, true })
        {
            var spans = AttentionCase.RandomSpans(random, 6, sameLength: false);
            var batch = new AttentionCase(spans, 3, 3, 20, causal, 1);
            batch.Forward(team, bits);
            batch.Backward(team, bits);
            foreach (var span in spans)
            {
                var alone = new AttentionCase([span], 3, 3, 20, causal, 2);
                CopyRows(batch, alone, span);
                alone.Forward(team, bits);
                alone.Backward(team, bits);
                for (var i = 0; i < alone.Output.Length; i++)
                    if (alone.Output[i] != AttentionCase.Untouched)
                        SameBits(batch.Output.AsSpan(i, 1), alone.Output.AsSpan(i, 1));
                for (var i = 0; i < alone.Gradients.Length; i++)
                    if (alone.Gradients[i] != AttentionCase.Untouched)
                        SameBits(batch.Gradients.AsSpan(i, 1), alone.Gradients.AsSpan(i, 1));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void NanStaysWithTheRowsThatSeeIt(int bits)
    {
        using var team = new ThreadTeam(1);
        AttentionSpan[] spans = [new(0, 70, 0, 70), new(70, 70, 70, 70), new(140, 33, 140, 33)];
        var clean = new AttentionCase(spans, 2, 2, 8, true, 1);
        var tainted = new AttentionCase(spans, 2, 2, 8, true, 1);
        const int key = 5, query = 3, value = 66; // of the middle span, head 0
        tainted.Inputs[tainted.KeyAt(70 + key, 0) + 1] = float.NaN;
        tainted.Inputs[tainted.QueryAt(70 + query, 0)] = float.PositiveInfinity; // logits of both infinities: no softmax
        tainted.Inputs[tainted.ValueAt(70 + value, 1)] = float.NaN;
        foreach (var of in new[] { clean, tainted })
        {
            of.Forward(team, bits);
            of.Backward(team, bits);
        }
        for (var row = 0; row < 173; row++)
            for (var head = 0; head < 2; head++)
                for (var d = 0; d < 8; d++)
                {
                    var i = row - 70;
                    var hit = i is >= 0 and < 70 && (head == 0 ? i >= key || i == query : i >= value && d == 0);
                    var at = clean.OutputAt(row, head) + d;
                    if (hit) Assert.Equal(float.NaN, tainted.Output[at]);
                    else SameBits(clean.Output.AsSpan(at, 1), tainted.Output.AsSpan(at, 1));
                }
        foreach (var (first, last) in new[] { (0, 70), (140, 173) })
            for (var row = first; row < last; row++)
                SameBits(clean.Gradients.AsSpan(clean.QueryAt(row, 0), 48), tainted.Gradients.AsSpan(clean.QueryAt(row, 0), 48));
    }

    [Fact]
    public void ACallAllocatesNothing()
    {
        using var team = new ThreadTeam(1);
        var of = new AttentionCase([new(0, 100, 0, 130), new(100, 20, 130, 20)], 2, 2, 24, true, 1)
        {
            DropoutRate = 0.1f,
        };
        for (var i = 0; i < 3; i++) Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Pass()
        {
            of.Forward(team, 512);
            of.Backward(team, 512);
        }
    }

    private static void CopyRows(AttentionCase from, AttentionCase to, AttentionSpan span)
    {
        Array.Fill(to.Inputs, float.NaN);
        for (var i = 0; i < span.QueryCount; i++)
        {
            var at = from.QueryAt(span.QueryStart + i, 0);
            from.Inputs.AsSpan(at, from.Width).CopyTo(to.Inputs.AsSpan(at));
            at = from.OutputAt(span.QueryStart + i, 0);
            from.OutputGradient.AsSpan(at, from.Width).CopyTo(to.OutputGradient.AsSpan(at));
        }
        for (var j = 0; j < span.KeyCount; j++)
        {
            var at = from.KeyAt(span.KeyStart + j, 0);
            from.Inputs.AsSpan(at, 2 * from.KeyWidth).CopyTo(to.Inputs.AsSpan(at));
        }
    }

    private static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.True(MemoryMarshal.Cast<float, int>(expected).SequenceEqual(MemoryMarshal.Cast<float, int>(actual)));
    }
}
