using Multihead.Models.Formats;
using Multihead.Tensors;

namespace Multihead.Models;

/// <summary>Weights of a model to and from files, under the names that other programs know.</summary>
internal static unsafe class WeightFile
{
    /// <summary>The pieces of all weights as they stand in <paramref name="flat"/>, memory laid out as the store's values.
    /// </summary>
    public static IEnumerable<TensorSource> Sources(ParameterStore store, nint flat)
    {
        foreach (var weight in store.Weights)
        {
            var offset = OffsetOf(store, weight);
            foreach (var part in weight.Parts)
            {
                long[] shape = part.IsVector ? [weight.Columns] : [part.Rows, weight.Columns];
                yield return new TensorSource(part.Name, shape, flat + (nint)(offset * sizeof(float)));
                offset += (long)part.Rows * weight.Columns;
            }
        }
    }

    /// <summary>Reads all weights by name through <paramref name="read"/> into the store's values.</summary>
    public static void Read(ParameterStore store, ReadTensor read)
    {
        foreach (var source in Sources(store, (nint)store.Values)) read(source.Name, source.Shape, (float*)source.Data);
    }

    /// <summary>Reads one tensor of that shape.</summary>
    public delegate void ReadTensor(string name, ReadOnlySpan<long> shape, float* destination);

    private static long OffsetOf(ParameterStore store, Weight weight) => weight.Tensor.Data - store.Values;
}
