namespace Multihead.Benchmarks.Harness;

/// <summary>Where the baselines that do not come with the build are found, and the settings that are best for them.</summary>
internal static class Baselines
{
    /// <summary>The interpreter with PyTorch: MULTIHEAD_BENCH_PYTHON, or Debian's own.</summary>
    public static string Python { get; } = Environment.GetEnvironmentVariable("MULTIHEAD_BENCH_PYTHON") ?? "/usr/bin/python3";

    /// <summary>The folder with libopenblas.so.0: MULTIHEAD_BENCH_OPENBLAS, or that of Debian's OpenMP build.</summary>
    private static string OpenBlasFolder { get; } = Environment.GetEnvironmentVariable("MULTIHEAD_BENCH_OPENBLAS")
        ?? "/usr/lib/x86_64-linux-gnu/openblas-openmp";

    /// <summary>What every child finds in its environment. The rules for waiting threads of OpenMP stay as they are: its threads
    /// spin for some milliseconds after a parallel loop and then sleep, so they neither lose time inside of a step nor take it
    /// from the next contestant's turn.</summary>
    public static IEnumerable<(string Name, string Value)> EnvironmentOf(Contestant contestant)
    {
        yield return ("MULTIHEAD_THREADS", $"{BenchmarkCase.Threads}");
        yield return ("OMP_NUM_THREADS", $"{BenchmarkCase.Threads}");
        if (contestant.Program is not (Contestant.Pytorch or Contestant.OpenBlas)) yield break;
        // Found before whatever BLAS the system has chosen. It knows no Zen 5 and would take kernels of 256 bits.
        yield return ("LD_LIBRARY_PATH", OpenBlasFolder);
        yield return ("OPENBLAS_CORETYPE", "SkylakeX");
    }
}
