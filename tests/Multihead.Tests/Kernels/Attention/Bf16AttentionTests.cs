using Multihead.Kernels.Attention;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Attention;

/// <summary>Attention with products in bf16, where they are served.</summary>
public class Bf16AttentionTests
{
    [Fact]
    public void EqualsTheReferenceToTheFormat()
    {
        SkipUnlessServed();
        using var team = new ThreadTeam(2);
        var random = new Random(5);
        foreach (var headDim in new[] { 1, 3, 8, 24, 32, 33, 64, 80, 128 })
            for (var round = 0; round < 3; round++)
            {
                var spans = AttentionCase.RandomSpans(random, random.Next(1, 5), sameLength: random.Next(2) == 0);
                Check(team, new AttentionCase(spans, 4, random.Next(2) == 0 ? 2 : 4, headDim, round % 2 == 0, random.Next()));
            }
    }

    [Theory]
    [InlineData(257, 257), InlineData(130, 320), InlineData(200, 65)]
    public void EqualsTheReferenceOverManyBlocks(int queries, int keys)
    {
        SkipUnlessServed();
        using var team = new ThreadTeam(3);
        foreach (var causal in new[] { false, true })
            Check(team, new AttentionCase([new(1, queries, 2, keys)], 2, 1, 24, causal, 1));
    }

    [Fact]
    public void BitsAreTheSameOnAnyNumberOfThreads()
    {
        SkipUnlessServed();
        AttentionSpan[] spans = [new(0, 300, 0, 300), new(300, 33, 300, 70), new(333, 5, 370, 5)];
        float[]? output = null, gradients = null;
        foreach (var threads in new[] { 1, 2, 7 }) // with 1 the backward pass goes by spans, with 7 it is split
        {
            using var team = new ThreadTeam(threads);
            var of = new AttentionCase(spans, 4, 2, 24, true, 1) { Format = ProductFormat.Bf16, DropoutRate = 0.1f };
            of.Forward(team, 512);
            of.Backward(team, 512);
            Widths.AssertSameBits(output ??= of.Output, of.Output);
            Widths.AssertSameBits(gradients ??= of.Gradients, of.Gradients);
        }
    }

    [Fact]
    public void DecodedRowsEqualTheWholeCausalPass()
    {
        SkipUnlessServed();
        using var team = new ThreadTeam(1);
        const int length = 300; // more than a block of keys
        var whole = new AttentionCase([new(0, length, 0, length)], 2, 2, 24, true, 1) { Format = ProductFormat.Bf16 };
        whole.Forward(team, 512);
        (int, int)[] parts = [(0, 1), (63, 1), (77, 1), (127, 1), (128, 1), (129, 1), (7, 60), (67, 83), (60, 9), (250, 20)];
        foreach (var (from, count) in parts)
        {
            var part = new AttentionCase([new(from, count, 0, from + count)], 2, 2, 24, true, 2) { Format = ProductFormat.Bf16 };
            whole.Inputs.AsSpan(0, part.Inputs.Length).CopyTo(part.Inputs);
            part.Forward(team, 512);
            for (var row = from; row < from + count; row++)
                Widths.AssertSameBits(whole.Output.AsSpan(whole.OutputAt(row, 0), whole.Width),
                    part.Output.AsSpan(whole.OutputAt(row, 0), whole.Width));
        }
    }

    private static void SkipUnlessServed() =>
        Assert.SkipUnless(AssembledProduct.Serves(ProductFormat.Bf16), "products in bf16 are not served here");

    // Each side of a product is off by up to 2^-9 = 0.002 of itself, and an output is four such sides away from the inputs
    // (query, key, weight, value), a gradient five, if errors never cancelled.
    private static void Check(ThreadTeam team, AttentionCase of)
    {
        of.Format = ProductFormat.Bf16;
        of.Forward(team, 512);
        of.Backward(team, 512);
        new AttentionReference(of).AssertClose(of, 0.008, 0.01);
    }
}
