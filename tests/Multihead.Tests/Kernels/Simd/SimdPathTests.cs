using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Simd;

public class SimdPathTests
{
    /// <summary>A pass with instruction sets switched off says which path it means to test.</summary>
    [Fact]
    public void ThePathIsTheOneThatThisPassMeansToTest() =>
        Assert.Equal(Environment.GetEnvironmentVariable("MULTIHEAD_EXPECT_PATH") ?? SimdPath.Name, SimdPath.Name);
}
