using System.Runtime.Intrinsics;
using Multihead.Kernels.Attention;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Attention;

public unsafe class AttentionDropoutTests
{
    public static TheoryData<int> Paths => AttentionCase.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void ForwardAndBackwardDropTheSameProbabilities(int bits)
    {
        using var team = new ThreadTeam(2);
        var random = new Random(3);
        foreach (var causal in new[] { false, true })
        {
            var spans = AttentionCase.RandomSpans(random, 3, sameLength: false);
            var of = new AttentionCase(spans, 4, 2, 24, causal, 1) { DropoutRate = 0.3f };
            of.Forward(team, bits);
            of.Backward(team, bits);
            // The reference's gradients are those of its own forward pass under the mask by the plain definition.
            var expected = new AttentionReference(of, (row, head, key) => Factor(of, row, head, key));
            for (var i = 0; i < of.Output.Length; i++)
                if (!double.IsNaN(expected.Output[i])) Assert.Equal(expected.Output[i], of.Output[i], 1e-5);
            var unit = expected.Gradients.Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
            for (var i = 0; i < of.Gradients.Length; i++)
                if (!double.IsNaN(expected.Gradients[i])) Assert.Equal(expected.Gradients[i], of.Gradients[i], 5e-5 * unit);
        }
    }

    [Fact]
    public void GradientsAreThoseOfFiniteDifferencesUnderOneMask()
    {
        using var team = new ThreadTeam(1);
        var of = new AttentionCase([new(0, 5, 0, 7), new(5, 2, 7, 3)], 1, 1, 4, false, 5) { DropoutRate = 0.25f };
        of.Forward(team, 512);
        of.Backward(team, 512);
        var gradients = of.Gradients.ToArray();
        for (var i = 0; i < of.Inputs.Length; i++)
        {
            if (float.IsNaN(of.Inputs[i])) continue;
            var kept = of.Inputs[i];
            of.Inputs[i] = kept + 0.02f;
            var (up, high) = (Loss(team, of), of.Inputs[i]);
            of.Inputs[i] = kept - 0.02f;
            var slope = (up - Loss(team, of)) / ((double)high - of.Inputs[i]);
            of.Inputs[i] = kept;
            Assert.Equal(slope, gradients[i], 5e-4); // the third derivative times 0.02^2 / 6, and single precision over 0.04
        }
    }

    [Theory]
    [InlineData(0.1f), InlineData(0.5f), InlineData(0.9f)]
    public void MeanIsPreserved(float rate)
    {
        // Values of 1: each output is the sum of the kept probabilities, 1 on average.
        const int length = 256, heads = 4;
        using var team = new ThreadTeam(2);
        var of = new AttentionCase([new(0, length, 0, length)], heads, heads, 1, false, 1) { DropoutRate = rate, Scale = 0 };
        for (var row = 0; row < length; row++) of.Inputs.AsSpan(of.ValueAt(row, 0), heads).Fill(1);
        of.Forward(team, 512);
        var mean = 0.0;
        for (var row = 0; row < length; row++)
            for (var head = 0; head < heads; head++) mean += of.Output[of.OutputAt(row, head)] / (length * heads);
        // 262,144 draws: five deviations.
        Assert.Equal(1, mean, 5 * Math.Sqrt(rate / (1 - rate) / (length * heads * length)));
    }

    [Fact]
    public void RowsHeadsStreamsAndSeedsHaveTheirOwnPatterns()
    {
        var patterns = new HashSet<string>();
        foreach (var key in new DropoutKey[] { new(7, 9), new(8, 9), new(7, 10) })
            for (var row = 0; row < 3; row++)
                for (var head = 0; head < 2; head++)
                    foreach (var block in new[] { 0, 64, 128 })
                    {
                        var of = new AttentionCase([], 2, 2, 1, false, 1) { DropoutRate = 0.5f, DropoutKey = key };
                        var pattern = Enumerable.Range(0, 64).Select(j => Factor(of, row, head, block + j) > 0 ? '1' : '0');
                        Assert.True(patterns.Add(string.Concat(pattern)));
                    }
    }

    [Fact]
    public void EveryWidthMakesTheSameFactors()
    {
        var of = new AttentionCase([], 3, 3, 1, false, 1) { DropoutRate = 0.37f };
        foreach (var (row, key) in new[] { (0, 0), (2, 64), (100_000, 1 << 20), (1, int.MaxValue / 64 * 64) })
            for (var j = 0; j < 64 && key + j < int.MaxValue; j++)
            {
                var expected = (float)Factor(of, row, 1, key + j);
                Assert.Equal(expected, Factors<Simd512, Vector512<float>>(of, row, key)[j]);
                Assert.Equal(expected, Factors<Simd256, Vector256<float>>(of, row, key)[j]);
                Assert.Equal(expected, Factors<Simd128, Vector128<float>>(of, row, key)[j]);
            }
    }

    private static float[] Factors<TSimd, V>(AttentionCase of, int row, int key) where TSimd : struct, ISimd<V> where V : struct
    {
        var scratch = stackalloc float[AttentionDropout<TSimd, V>.Scratch];
        var factors = new AttentionDropout<TSimd, V>(of.Problem(), scratch).Factors((nint)row * of.Heads + 1, key);
        return new Span<float>(factors, 64).ToArray();
    }

    /// <summary>The definition: key j of a block of 64 takes the lower half of word j, or the upper half of word j -
    /// 32.</summary>
    private static double Factor(AttentionCase of, int row, int head, int key)
    {
        var counter = ((ulong)((long)row * of.Heads + head) << 28) + (ulong)(key / 64 * 8 + key % 32 / 4);
        var words = Philox.Block(counter, of.DropoutKey.Stream, of.DropoutKey.Seed);
        var word = (key % 4) switch { 0 => words.Word0, 1 => words.Word1, 2 => words.Word2, _ => words.Word3 };
        var draw = key % 64 < 32 ? word & 0xFFFF : word >> 16;
        var dropped = (uint)Math.Round(of.DropoutRate * 65536.0);
        return draw < dropped ? 0 : 65536.0 / (65536 - dropped);
    }

    private static double Loss(ThreadTeam team, AttentionCase of)
    {
        of.Forward(team, 512);
        return of.Output.Select((x, i) => x == AttentionCase.Untouched ? 0 : (double)x * of.OutputGradient[i]).Sum();
    }
}
