using System.Runtime.InteropServices;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;

namespace Multihead.Tensors;

/// <summary>How a weight begins.</summary>
internal enum Initialization
{
    Zero,
    One,

    /// <summary>Uniform in +-sqrt(6 / (rows + columns)) of each part: Glorot and Bengio, 2010.</summary>
    XavierUniform,

    /// <summary>Normal with deviation columns^-0.5.</summary>
    NormalByWidth,
}

/// <summary>How a part stands in files.</summary>
internal enum StoredForm
{
    /// <summary>As in memory.</summary>
    Plain,

    /// <summary>[columns, rows]: GPT-2 has its products so.</summary>
    Transposed,

    /// <summary>Each value less one: Gemma has the gains of its norms so.</summary>
    LessOne,
}

/// <summary>A piece of a weight that has a name of its own in files: some of its rows.</summary>
/// <param name="Name">The name in files.</param>
/// <param name="Rows">How many rows it takes.</param>
/// <param name="IsVector">Whether it is a vector in files: [rows * columns] and not [rows, columns].</param>
/// <param name="Form">How it stands in files.</param>
internal readonly record struct WeightPart(string Name, int Rows, bool IsVector, StoredForm Form = StoredForm.Plain);

/// <summary>A learned matrix [rows, columns]; a product's weight is [out, in]. It may stand in files under several names, one
/// below the other, so that query, key and value are one product here and three tensors there.</summary>
internal sealed unsafe class Weight(IReadOnlyList<WeightPart> parts, int columns, Initialization initialization)
{
    private float* _packedMemory;

    public IReadOnlyList<WeightPart> Parts { get; } = parts;

    public Initialization Initialization { get; } = initialization;

    public int Rows { get; } = parts.Sum(p => p.Rows);

    public int Columns { get; } = columns;

    public long Count => (long)Rows * Columns;

    /// <summary>The values, and the gradient while learning; set by the <see cref="ParameterStore"/>.</summary>
    public Tensor Tensor { get; internal set; }

    /// <summary>The values rounded to bf16, while the <see cref="ParameterStore"/> has a copy that is up to date; else null.
    /// </summary>
    public ushort* Halves { get; internal set; }

    /// <summary>[rows, columns] as it stands in memory for products in that format: they have the same bits from either copy.
    /// </summary>
    public Matrix Operand(ProductFormat format) => format == ProductFormat.Bf16 && Halves != null
        ? new Matrix(Halves, Rows, Columns)
        : new Matrix(Tensor.Data, Rows, Columns);

    /// <summary>The values as the right-hand side x W^T of products, packed once; null until <see cref="Pack"/>.</summary>
    public PackedMatrix? Packed { get; private set; }

    /// <summary>Packs the values for running. They must not change afterwards.</summary>
    public void Pack(ThreadTeam team)
    {
        if (Packed is not null) return;
        _packedMemory = (float*)NativeMemory.AlignedAlloc((nuint)PackedMatrix.FloatCount(Columns, Rows) * sizeof(float), 64);
        Packed = PackedMatrix.Pack(team, new Matrix(Tensor.Data, Rows, Columns).Transposed, _packedMemory);
    }

    /// <summary>Frees the packed copy.</summary>
    public void Unpack()
    {
        NativeMemory.AlignedFree(_packedMemory);
        _packedMemory = null;
        Packed = null;
    }
}
