using Multihead.Kernels.Attention;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Attention;

/// <summary>Values and gradients against plain loops in double precision.</summary>
public class FusedAttentionTests
{
    private static readonly (int Heads, int KeyValueHeads)[] Groups = [(1, 1), (2, 2), (3, 1), (4, 2), (5, 5)];

    public static TheoryData<int> Paths => AttentionCase.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void EqualsTheReferenceOverShapes(int bits)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(bits);
        foreach (var headDim in new[] { 1, 3, 8, 16, 24, 64, 80, 128 })
            for (var round = 0; round < (headDim < 64 ? 4 : 2); round++)
            {
                var (heads, keyValueHeads) = Groups[random.Next(headDim < 64 ? Groups.Length : 3)];
                var spans = AttentionCase.RandomSpans(random, random.Next(1, 5), sameLength: random.Next(2) == 0);
                Check(team, bits, new AttentionCase(spans, heads, keyValueHeads, headDim, round % 2 == 0, random.Next()));
            }
    }

    [Theory]
    [InlineData(257, 257), InlineData(257, 1), InlineData(1, 257), InlineData(130, 320), InlineData(200, 65)]
    public void EqualsTheReferenceOverManyBlocks(int queries, int keys)
    {
        // Three threads and one span: the backward pass is split; three spans: it is not.
        using var team = new ThreadTeam(3);
        foreach (var causal in new[] { false, true })
        {
            Check(team, 512, new AttentionCase([new(1, queries, 2, keys)], 2, 1, 24, causal, 1));
            var three = Enumerable.Range(0, 3).Select(i => new AttentionSpan(i * queries, queries, i * keys, keys)).ToArray();
            Check(team, 512, new AttentionCase(three, 1, 1, 16, causal, 2));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void EqualsTheReferenceOverManyShortSpans(int bits)
    {
        // So many that a part goes through all heads of a span with one thread, and not with seven.
        AttentionSpan[] spans = [.. Enumerable.Range(0, 24).Select(i => new AttentionSpan(i * 20, 14 + i % 7, i * 20, 14 + i % 7))];
        float[]? output = null, gradients = null;
        foreach (var threads in new[] { 1, 7 })
        {
            using var team = new ThreadTeam(threads);
            var of = new AttentionCase(spans, 4, 2, 24, true, 1);
            Check(team, bits, of);
            Widths.AssertSameBits(output ??= of.Output, of.Output);
            Widths.AssertSameBits(gradients ??= of.Gradients, of.Gradients);
        }
    }

    [Fact]
    public void WidestHeadAndEmptyBatch()
    {
        using var team = new ThreadTeam(2);
        Check(team, 512, new AttentionCase([new(0, 70, 0, 70)], 1, 1, 256, true, 1));
        Check(team, 512, new AttentionCase([new(0, 9, 0, 0), new(9, 0, 3, 9)], 2, 2, 8, false, 1));
        Check(team, 512, new AttentionCase([], 2, 2, 8, false, 1));
    }

    [Fact]
    public void GradientsAreThoseOfFiniteDifferences()
    {
        // Independent of the reference's own derivation: differences of the reference's forward pass alone.
        var of = new AttentionCase([new(0, 3, 0, 5), new(3, 4, 5, 4)], 2, 1, 3, true, 5);
        using var team = new ThreadTeam(1);
        of.Forward(team, 512);
        of.Backward(team, 512);
        for (var i = 0; i < of.Inputs.Length; i++)
        {
            if (float.IsNaN(of.Inputs[i])) continue;
            var kept = of.Inputs[i];
            of.Inputs[i] = kept + 0.01f;
            var (up, high) = (Loss(of), (double)of.Inputs[i]);
            of.Inputs[i] = kept - 0.01f;
            var slope = (up - Loss(of)) / (high - of.Inputs[i]);
            of.Inputs[i] = kept;
            Assert.Equal(slope, of.Gradients[i], 1e-4); // the third derivative times 0.01^2 / 6
        }
    }

    [Fact]
    public void AccumulatesWhenAsked()
    {
        foreach (var threads in new[] { 1, 5 }) // whole spans, and split
        {
            using var team = new ThreadTeam(threads);
            var of = new AttentionCase([new(0, 90, 0, 150), new(90, 5, 150, 0), new(95, 0, 150, 7)], 2, 2, 24, true, 3);
            of.Forward(team, 512);
            of.Backward(team, 512);
            var once = of.Gradients.ToArray();
            of.Accumulate = true;
            of.Backward(team, 512);
            for (var i = 0; i < once.Length; i++)
                if (once[i] != AttentionCase.Untouched)
                    Assert.Equal(2 * once[i], of.Gradients[i], 1e-5f); // the chains begin elsewhere
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void HugeLogitsStayFinite(int bits)
    {
        using var team = new ThreadTeam(1);
        var of = new AttentionCase([new(0, 70, 0, 140)], 1, 1, 8, false, 1) { Scale = 1e4f };
        of.Forward(team, bits);
        of.Backward(team, bits);
        var expected = new AttentionReference(of);
        Assert.True(expected.LogSumExp.Where(double.IsFinite).Max() > 1e4);
        for (var i = 0; i < of.Gradients.Length; i++) Assert.True(float.IsFinite(of.Gradients[i]));
        for (var i = 0; i < of.Output.Length; i++)
            // Logits near 30,000 are themselves rounded to 1/512 and more.
            if (!double.IsNaN(expected.Output[i])) Assert.Equal(expected.Output[i], of.Output[i], 0.05);
    }

    private static double Loss(AttentionCase of)
    {
        var output = new AttentionReference(of).Output;
        return output.Select((x, i) => double.IsNaN(x) ? 0 : x * of.OutputGradient[i]).Sum();
    }

    private static void Check(ThreadTeam team, int bits, AttentionCase of)
    {
        of.Forward(team, bits);
        of.Backward(team, bits);
        // Sums of up to 320 terms near 1 in single precision, an ulp of 6e-8 each.
        new AttentionReference(of).AssertClose(of, 1e-5, 5e-5);
    }
}
