namespace Multihead.Cli.Tests.Commands;

public class BenchTests
{
    [Fact]
    public void PeaksAndBandwidthAreFinitePositiveFigures()
    {
        var json = Tool.Run("bench", "peak", "--json").Succeeded().Json;
        Assert.True(json.GetProperty("threads").GetInt32() > 0);
        foreach (var name in new[] { "gflopsOneThread", "gflops" })
            Assert.InRange(json.GetProperty("fp32").GetProperty(name).GetDouble(), 0.01, 1e6);
        Assert.InRange(json.GetProperty("readGigabytesPerSecond").GetDouble(), 0.01, 1e5);
        foreach (var cache in json.GetProperty("cacheBytes").EnumerateObject())
            Assert.InRange(cache.Value.GetInt64(), 1 << 10, 1L << 40);
    }

    [Fact]
    public void AProductIsMeasuredInEveryFormatAgainstItsCeiling()
    {
        var result = Tool.Run("bench", "gemm", "--size", "96", "--json").Succeeded();
        var cases = result.Json.GetProperty("cases").EnumerateArray().ToArray();
        Assert.Equal("fp32", cases[0].GetProperty("precision").GetString());
        foreach (var one in cases)
        {
            Assert.Equal("96 x 96 x 96", one.GetProperty("name").GetString());
            var (gflops, ceiling) = (one.GetProperty("gflops").GetDouble(), one.GetProperty("ceilingGflops").GetDouble());
            Assert.InRange(gflops, 0.001, 1e6);
            // Both are rounded to a tenth.
            Assert.Equal(gflops / ceiling, one.GetProperty("share").GetDouble(), 0.2 / ceiling + 1e-4);
            Assert.Contains(one.GetProperty("binds").GetString(), new[] { "arithmetic", "memory" });
        }
        Assert.Equal(1 + cases.Length, result.OutputLines.Length - 1); // headings, a row a case, and the JSON
    }

    [Fact]
    public void AStepOfLearningIsMeasuredAgainstThePeak()
    {
        var result = Tool.Run("bench", "train", "--preset", "small", "--json").Succeeded();
        Assert.Equal(("small", "fp32", 2560), (result.Json.GetProperty("preset").GetString(),
            result.Json.GetProperty("precision").GetString(), result.Json.GetProperty("tokensPerStep").GetInt32()));
        var (tokens, milliseconds) = (Number("tokensPerSecond"), Number("stepMilliseconds"));
        Assert.Equal(2560 * 1000 / milliseconds, tokens, 0.001 * tokens); // both are rounded
        Assert.Equal(Number("gflops") / Number("peakGflops"), Number("peakShare"), 0.01);
        Assert.Contains(result.Json.GetProperty("binds").GetString(), new[] { "arithmetic", "memory" });
        Assert.InRange(Number("peakMemoryMB"), 16e-6 * Number("parameters"), 1e5);

        double Number(string name) => result.Json.GetProperty(name).GetDouble();
    }

    [Fact]
    public void AnUnknownPresetIsNotUnderstood() =>
        Tool.Run("bench", "train", "--preset", "huge").FailedWith(2, "base, small, tiny or gpt, not 'huge'");
}
