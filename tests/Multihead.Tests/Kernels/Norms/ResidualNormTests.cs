using Multihead.Kernels.Norms;
using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tests.Kernels.Norms;

public unsafe class ResidualNormTests
{
    private const float Epsilon = 1e-5f;
    private static readonly DropoutKey Key = new(3, 4);

    public static TheoryData<int, int, float> Shapes => new()
    {
        { 1, 1, 0.3f }, { 3, 5, 0.3f }, { 4, 512, 0 }, { 5, 129, 0.3f }, { 9, 4099, 0.1f }, { 301, 131, 0.3f },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void TheBitsAreThoseOfTheTwoOneAfterTheOther(int rows, int width, float rate) => Widths.AssertSameOnAnyTeam(team =>
    {
        var random = new Random(33);
        var count = rows * width;
        using var x = FloatBuffer.Random(random, count);
        using var residual = FloatBuffer.Random(random, count);
        using var gain = FloatBuffer.Random(random, width);
        using var sum = new FloatBuffer(count);
        using var y = new FloatBuffer(count);
        using var inverse = new FloatBuffer(rows);
        Dropout.Run(team, new Dropout.Elements(x, residual, sum, rate, Key), count);
        using var sumTogether = new FloatBuffer(count, 3);
        using var yTogether = new FloatBuffer(count, 5);
        var elements = new Dropout.Elements(x, residual, sumTogether, rate, Key);

        LayerNorm.Forward(team, sum, gain, gain, y, null, inverse, rows, width, Epsilon);
        ResidualNorm.Forward(team, elements,
            new LayerNorm.ForwardRow(sumTogether, gain, gain, yTogether, null, inverse, width, Epsilon), rows, width);
        Widths.AssertSameBits(sum.Span, sumTogether.Span);
        Widths.AssertSameBits(y.Span, yTogether.Span);

        RmsNorm.Forward(team, sum, gain, y, inverse, rows, width, Epsilon);
        ResidualNorm.Forward(team, elements,
            new RmsNorm.ForwardRow(sumTogether, gain, yTogether, inverse, width, Epsilon), rows, width);
        Widths.AssertSameBits(y.Span, yTogether.Span);
        return yTogether.ToArray();
    });
}
