using System.Text.Json;

namespace Multihead.Cli.Tests.Commands;

public class DoctorTests
{
    [Fact]
    public void LastLineIsJsonWithFinitePositiveFigures()
    {
        var result = Tool.Run("doctor", "--json").Succeeded();
        Assert.Empty(result.Error);
        var json = result.Json;
        foreach (var name in new[] { "processors", "threads", "peakGflopsOneThread", "peakGflops", "readGigabytesPerSecond",
            "memoryBytes", "memoryAvailableBytes" })
            Assert.True(json.GetProperty(name).GetDouble() is > 0 and < 1e15, $"{name}: {json.GetProperty(name)}");
        foreach (var name in new[] { "version", "processor", "kernels", "runtime", "sdk", "system" })
            Assert.NotEmpty(json.GetProperty(name).GetString()!);
        Assert.Equal(JsonValueKind.Object, json.GetProperty("instructionSets").ValueKind);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "Vector512", "AVX-512F")]
    [InlineData("DOTNET_EnableAVX2", "Vector256", "AVX2")]
    public void SaysWhatIsSwitchedOff(string setting, string path, string instructionSet)
    {
        var json = Tool.Run(["doctor", "--json", "--threads", "1"], null, (setting, "0")).Succeeded().Json;
        Assert.NotEqual(path, json.GetProperty("kernels").GetString());
        var state = json.GetProperty("instructionSets").TryGetProperty(instructionSet, out var value) ? value.GetString() : null;
        Assert.Contains(state, new[] { null, "not there", "switched off" });
        Assert.Equal(1, json.GetProperty("threads").GetInt32());
    }

    [Theory]
    [InlineData("--no-jit", "1")]
    [InlineData("--json", "0")] // the environment says it, and the option stands twice without effect
    public void WithoutAssembledCodeBf16IsOff(string option, string setting)
    {
        var json = Tool.Run(["doctor", "--threads", "1", "--json", option], null, ("MULTIHEAD_JIT", setting)).Succeeded().Json;
        var state = json.GetProperty("instructionSets").TryGetProperty("AVX512-BF16", out var value) ? value.GetString() : null;
        Assert.Contains(state, new[] { null, "not there", "switched off" });
        Assert.False(json.TryGetProperty("peakBf16Gflops", out _));
    }

    [Fact]
    public void WithoutJsonItIsPlainLines()
    {
        var result = Tool.Run("doctor", "--threads", "1").Succeeded();
        Assert.Contains(result.OutputLines, line => line.StartsWith("processor: ", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', result.Output);
    }
}
