using System.Runtime.InteropServices;
using Multihead.Benchmarks.Harness;
using TorchSharp;

namespace Multihead.Benchmarks.Libtorch;

/// <summary>libtorch in this process, as fast as it goes: with memory that is kept instead of given back.</summary>
internal static partial class LibtorchRuntime
{
    // malloc.h of glibc
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>Loads libtorch; to be called before any other use of it.</summary>
    /// <param name="precision">fp32 or bf16.</param>
    /// <returns>The element type of that precision.</returns>
    /// <exception cref="AbsentException">It cannot be loaded.</exception>
    public static torch.ScalarType Start(string precision)
    {
        try
        {
            WeakVersion.Allow(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"),
                "GLIBCXX_3.4.32");
            KeepMemory();
            torch.set_num_threads(BenchmarkCase.Threads);
        }
        catch (Exception e) when (e.GetBaseException() is DllNotFoundException or IOException or NotSupportedException)
        {
            throw new AbsentException(e.GetBaseException().Message, e);
        }
        return precision == "bf16" ? torch.bfloat16 : torch.float32;
    }

    // By default glibc returns every large block to the system as soon as it is free, and a step that takes it again waits for
    // each page: that costs libtorch up to a third of its speed.
    private static void KeepMemory()
    {
        if (SetMallocOption(MmapThreshold, int.MaxValue) != 1 || SetMallocOption(TrimThreshold, int.MaxValue) != 1)
            throw new NotSupportedException("mallopt refused to keep memory");
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);
}
