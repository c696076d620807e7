using Multihead.Kernels.Simd;

namespace Multihead.Tests.Kernels.Simd;

public class SimdPathTests
{
    /// <summary>A pass with instruction sets switched off says in MULTIHEAD_EXPECT_PATH which path it means to test; without
    /// that nobody would see that it tested the usual one.</summary>
    [Fact]
    public void ThePathIsTheOneThatThisPassMeansToTest()
    {
        var expected = Environment.GetEnvironmentVariable("MULTIHEAD_EXPECT_PATH");
        string[] switches = ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];
        if (switches.Any(name => Environment.GetEnvironmentVariable(name) is not null))
            Assert.True(expected is not null, "instruction sets are switched; set MULTIHEAD_EXPECT_PATH to the path that is meant, "
                + "such as Vector256");
        Assert.Equal(expected ?? SimdPath.Name, SimdPath.Name);
    }
}
