using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tests.Kernels.RandomNumbers;

public class PhiloxGeneratorTests
{
    [Fact]
    public void TheStateIsSeedStreamAndPosition()
    {
        var generator = new PhiloxGenerator(1, 2);
        var words = Enumerable.Range(0, 41).Select(_ => generator.NextUInt()).ToArray();
        Assert.Equal(41ul, generator.Position);
        for (var position = 0; position < words.Length; position++)
        {
            var resumed = new PhiloxGenerator(1, 2, (ulong)position);
            for (var i = position; i < words.Length; i++) Assert.Equal(words[i], resumed.NextUInt());
        }
        generator.MoveTo(7);
        Assert.Equal(new PhiloxGenerator(1, 7).NextUInt(), generator.NextUInt());
        generator.MoveTo(2, 30);
        for (var i = 30; i < words.Length; i++) Assert.Equal(words[i], generator.NextUInt());
        Assert.Equal(Philox.Block(0, 2, 1), (words[0], words[1], words[2], words[3]));
        Assert.NotEqual(words[0], new PhiloxGenerator(1, 3).NextUInt());
        Assert.NotEqual(words[0], new PhiloxGenerator(2, 2).NextUInt());
    }

    [Fact]
    public void FloatsAreUniform()
    {
        var generator = new PhiloxGenerator(3, 0);
        var counts = new int[16];
        const int draws = 160_000;
        for (var i = 0; i < draws; i++)
        {
            var value = generator.NextFloat();
            Assert.InRange(value, 0, 0.99999994f);
            counts[(int)(value * 16)]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500)); // 5 deviations of 97
    }

    [Fact]
    public void NormalsHaveTheMomentsOfANormal()
    {
        var generator = new PhiloxGenerator(4, 0);
        const int draws = 200_000;
        double sum = 0, square = 0, fourth = 0;
        var within = 0;
        for (var i = 0; i < draws; i++)
        {
            double x = generator.NextNormal();
            (sum, square, fourth) = (sum + x, square + x * x, fourth + x * x * x * x);
            if (Math.Abs(x) < 1) within++;
        }
        // Five deviations of each estimate: 1, sqrt 2, sqrt 96 and 0.465, over the root of the number of draws.
        var unit = 5 / Math.Sqrt(draws);
        Assert.InRange(sum / draws, -unit, unit);
        Assert.InRange(square / draws, 1 - 1.42 * unit, 1 + 1.42 * unit);
        Assert.InRange(fourth / draws, 3 - 9.8 * unit, 3 + 9.8 * unit);
        Assert.InRange(within / (double)draws, 0.68269 - 0.47 * unit, 0.68269 + 0.47 * unit);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(10), InlineData(1000)]
    public void IntegersAreUniform(int bound)
    {
        var generator = new PhiloxGenerator(5, (ulong)bound);
        var counts = new int[bound];
        var draws = bound * 400;
        for (var i = 0; i < draws; i++) counts[generator.NextInt(bound)]++;
        Assert.All(counts, count => Assert.InRange(count, 300, 500)); // 5 deviations of at most 20
    }

    [Fact]
    public void ALargeBoundIsNotBiased()
    {
        // Without rejection, of 3 * 2^29 numbers every third would come up twice as often as the others.
        var generator = new PhiloxGenerator(6, 0);
        const int bound = 3 << 29, draws = 90_000;
        var counts = new int[3];
        for (var i = 0; i < draws; i++) counts[generator.NextInt(bound) % 3]++;
        Assert.All(counts, count => Assert.InRange(count, 29_290, 30_710)); // 5 deviations of 141
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.NextInt(0));
    }
}
