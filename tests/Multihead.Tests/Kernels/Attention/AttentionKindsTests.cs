using Multihead.Kernels.Attention;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Attention;

/// <summary>Kinds of attention are two structs: which keys are seen, and what becomes of scores.</summary>
public class AttentionKindsTests
{
    public static TheoryData<int> Paths => AttentionCase.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void AWindowSeesTheLastKeys(int bits)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(bits);
        foreach (var size in new[] { 1, 2, 16, 63, 64, 65, 100, 1000 })
        {
            var of = Case(random, size % 2 == 0);
            of.Sees = (position, key) => key <= position && key > position - size;
            of.Pass(team, bits, new WindowKeys(size), default(ScaledLogits));
            new AttentionReference(of).AssertClose(of, 1e-5, 5e-5);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void ASplitBackwardPassOfAWindowHasTheSameBits(int bits)
    {
        float[]? gradients = null;
        foreach (var threads in new[] { 1, 7 })
        {
            using var team = new ThreadTeam(threads);
            var of = new AttentionCase([new(0, 300, 0, 300)], 1, 1, 24, true, 1);
            of.Pass(team, bits, new WindowKeys(70), default(ScaledLogits));
            Widths.AssertSameBits(gradients ??= of.Gradients, of.Gradients);
        }
    }

    [Fact]
    public void NanOutsideTheWindowDoesNoHarm()
    {
        using var team = new ThreadTeam(1);
        var clean = new AttentionCase([new(0, 200, 0, 200)], 1, 1, 8, true, 1);
        var tainted = new AttentionCase([new(0, 200, 0, 200)], 1, 1, 8, true, 1);
        const int row = 70, size = 30;
        for (var d = 0; d < 8; d++) tainted.Inputs[tainted.ValueAt(row, 0) + d] = float.NaN;
        foreach (var of in new[] { clean, tainted }) of.Pass(team, 512, new WindowKeys(size), default(ScaledLogits));
        for (var i = 0; i < 200; i++)
            for (var d = 0; d < 8; d++)
                Assert.Equal(i is >= row and < row + size ? float.NaN : clean.Output[clean.OutputAt(i, 0) + d],
                    tainted.Output[clean.OutputAt(i, 0) + d]);
    }

    [Theory, MemberData(nameof(Paths))]
    public void CappedLogitsStayBelowTheCap(int bits)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(bits);
        foreach (var cap in new[] { 0.5f, 2f, 50f })
        {
            var of = Case(random, causal: true);
            of.Scale = 3;
            of.Logit = score => (cap * Math.Tanh(score / cap), 1 - Math.Pow(Math.Tanh(score / cap), 2));
            of.Pass(team, bits, default(CausalKeys), new CappedLogits(cap));
            // Logits have an error of some ulp of the cap, 50 * 6e-8 * 4, and so have the weights.
            new AttentionReference(of).AssertClose(of, 2e-5, 1e-4);
        }
    }

    private static AttentionCase Case(Random random, bool causal) =>
        new(AttentionCase.RandomSpans(random, 3, sameLength: false), 4, 2, 24, causal, random.Next());
}
