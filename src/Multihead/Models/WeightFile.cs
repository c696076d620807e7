using System.Runtime.InteropServices;
using Multihead.Models.Formats;
using Multihead.Tensors;

namespace Multihead.Models;

/// <summary>Weights of a model to and from files, under the names and in the forms that other programs know.</summary>
internal static unsafe class WeightFile
{
    /// <summary>The pieces of all weights as they stand in <paramref name="flat"/>, memory laid out as the store's values, each
    /// with the shape that it has there. What a file has in another form, <see cref="Export"/> makes.</summary>
    public static IEnumerable<TensorSource> Sources(ParameterStore store, nint flat)
    {
        foreach (var (part, columns, offset) in Parts(store))
            yield return new TensorSource(part.Name, part.IsVector ? [part.Rows * columns] : [part.Rows, columns],
                flat + (nint)(offset * sizeof(float)));
    }

    /// <summary>Names and shapes of all tensors as files have them.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Shapes(ParameterStore store) =>
        Parts(store).Select(p => (p.Part.Name, ShapeInFile(p.Part, p.Columns)));

    /// <summary>Hands all weights, in the form that files have, to <paramref name="write"/>.</summary>
    public static void Export(ParameterStore store, Action<IReadOnlyList<TensorSource>> write)
    {
        List<TensorSource> sources = [];
        List<nint> copies = [];
        try
        {
            foreach (var (part, columns, offset) in Parts(store))
            {
                var data = store.Values + offset;
                if (part.Form != StoredForm.Plain) copies.Add((nint)(data = InFile(data, part, columns)));
                sources.Add(new TensorSource(part.Name, ShapeInFile(part, columns), (nint)data));
            }
            write(sources);
        }
        finally
        {
            foreach (var copy in copies) NativeMemory.Free((void*)copy);
        }
    }

    /// <summary>Reads all weights by name through <paramref name="read"/> into the store's values.</summary>
    public static void Read(ParameterStore store, ReadTensor read)
    {
        foreach (var (part, columns, offset) in Parts(store))
        {
            var data = store.Values + offset;
            read(part.Name, ShapeInFile(part, columns), data);
            if (part.Form == StoredForm.Transposed) Transpose(data, columns, part.Rows);
            else if (part.Form == StoredForm.LessOne) Add(data, (long)part.Rows * columns, 1);
        }
    }

    /// <summary>Reads one tensor of that shape.</summary>
    public delegate void ReadTensor(string name, ReadOnlySpan<long> shape, float* destination);

    private static IEnumerable<(WeightPart Part, int Columns, long Offset)> Parts(ParameterStore store)
    {
        foreach (var weight in store.Weights)
        {
            var offset = OffsetOf(store, weight);
            foreach (var part in weight.Parts)
            {
                yield return (part, weight.Columns, offset);
                offset += (long)part.Rows * weight.Columns;
            }
        }
    }

    private static long OffsetOf(ParameterStore store, Weight weight) => weight.Tensor.Data - store.Values;

    private static long[] ShapeInFile(in WeightPart part, int columns) =>
        part.IsVector ? [part.Rows * columns] : part.Form == StoredForm.Transposed ? [columns, part.Rows] : [part.Rows, columns];

    private static float* InFile(float* data, in WeightPart part, int columns)
    {
        var count = (long)part.Rows * columns;
        var copy = (float*)NativeMemory.Alloc((nuint)count, sizeof(float));
        Buffer.MemoryCopy(data, copy, count * sizeof(float), count * sizeof(float));
        if (part.Form == StoredForm.Transposed) Transpose(copy, part.Rows, columns);
        else Add(copy, count, -1);
        return copy;
    }

    // [rows, columns] to [columns, rows] in the same memory.
    private static void Transpose(float* data, int rows, int columns)
    {
        var copy = (float*)NativeMemory.Alloc((nuint)rows * (nuint)columns, sizeof(float));
        Buffer.MemoryCopy(data, copy, (long)rows * columns * sizeof(float), (long)rows * columns * sizeof(float));
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) data[(long)j * rows + i] = copy[(long)i * columns + j];
        NativeMemory.Free(copy);
    }

    private static void Add(float* data, long count, float value)
    {
        for (long i = 0; i < count; i++) data[i] += value;
    }
}
