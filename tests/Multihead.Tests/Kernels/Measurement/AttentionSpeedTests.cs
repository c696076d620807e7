using Multihead.Kernels.Measurement;
using Multihead.Kernels.Threading;

namespace Multihead.Tests.Kernels.Measurement;

public class AttentionSpeedTests
{
    [Fact]
    public void WorkIsThatOfSeenPairs()
    {
        const int length = 5, heads = 3, headDim = 4, products = 7;
        var multiplyAdds = 0;
        for (var query = 0; query < length; query++)
            for (var key = 0; key <= query; key++) multiplyAdds += products * heads * headDim;
        Assert.Equal(2 * multiplyAdds, AttentionSpeed.Flops(length, heads, headDim));
    }

    [Fact]
    public void EveryFormatIsMeasured()
    {
        using var team = new ThreadTeam(2);
        foreach (var format in AttentionSpeed.Formats)
            Assert.True(AttentionSpeed.MedianSeconds(team, 70, 2, 8, format, TimeSpan.Zero, CancellationToken.None) > 0);
    }
}
