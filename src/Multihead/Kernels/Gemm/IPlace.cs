namespace Multihead.Kernels.Gemm;

/// <summary>Where a vector of C stands, and what an epilogue can reach from there. Operands are fields of the epilogue, given by
/// reference and never as copies: assembled code knows them by their place within the epilogue.</summary>
internal interface IPlace<V> where V : struct
{
    /// <summary>Which of the two vectors of a tile's row: 0, then 1.</summary>
    int Half { get; }

    /// <summary>What the epilogue of the row's first vector leaves to that of the second.</summary>
    V Carried { get; set; }

    /// <summary>The elements of a row vector that belong to the columns of C.</summary>
    V Load(in RowOperand source);

    /// <summary>The elements that have the rows and columns of those of C.</summary>
    V Load(in MatrixOperand source);

    /// <summary>Stores <paramref name="value"/> where those of C stand.</summary>
    void Store(in MatrixOperand destination, V value);

    /// <summary>A number in all lanes.</summary>
    V Broadcast(in float value);

    /// <inheritdoc cref="Broadcast(in float)"/>
    V Broadcast(in uint value);

    /// <summary>A number in all lanes of 64 bits.</summary>
    V Broadcast(in ulong value);

    /// <summary>The counters of the random words of both vectors of the row: four columns each, and so many a row.</summary>
    V Counters(in long countersPerRow);
}

/// <summary>A row of numbers beside C, the same for each of its rows: [columns].</summary>
internal readonly unsafe struct RowOperand(float* data)
{
    public readonly float* Data = data;
}

/// <summary>A matrix beside C: [rows, columns], a row every <paramref name="stride"/> floats.</summary>
internal readonly unsafe struct MatrixOperand(float* data, long stride)
{
    public readonly float* Data = data;
    public readonly long StrideBytes = stride * sizeof(float);
}
