using System.Runtime.InteropServices;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Tensors;

namespace Multihead.Training;

/// <summary>The mean of several saved states' weights: "Attention Is All You Need", section 6.1.</summary>
internal static unsafe class WeightAverage
{
    /// <summary>Loads the mean of the files into the store; summed in double precision in the order given.</summary>
    public static void Load(IReadOnlyList<string> paths, ParameterStore store)
    {
        var count = store.FlatCount;
        var sum = (double*)NativeMemory.AllocZeroed((nuint)count, sizeof(double));
        try
        {
            foreach (var path in paths)
            {
                using var file = SafetensorsFile.Open(path);
                WeightFile.Read(store, file.Read);
                for (long i = 0; i < count; i++) sum[i] += store.Values[i];
            }
            for (long i = 0; i < count; i++) store.Values[i] = (float)(sum[i] / paths.Count);
        }
        finally
        {
            NativeMemory.Free(sum);
        }
    }
}
