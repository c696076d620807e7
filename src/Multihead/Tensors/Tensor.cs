namespace Multihead.Tensors;

/// <summary>A light handle on a matrix of floats in an arena or among the parameters: [rows, columns], row after row. A batch of
/// sequences is ragged: all tokens of the first, then all of the second, without padding, so two dimensions are enough.
/// </summary>
internal readonly unsafe struct Tensor(float* data, int rows, int columns, Gradient* gradient)
{
    public readonly float* Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;

    /// <summary>Where the derivative of the loss by this tensor gathers; null when nothing is recorded.</summary>
    public readonly Gradient* Gradient = gradient;

    /// <summary>The same numbers, and their gradient, cut into other rows.</summary>
    public Tensor(in Tensor other, int rows, int columns) : this(other.Data, rows, columns, other.Gradient) { }

    public long Count => (long)Rows * Columns;

    /// <summary>Whether an operation that comes later has sent a gradient back; if none has, it is zero.</summary>
    public bool HasGradient => Gradient != null && Gradient->Written;

    public Span<float> Span => new(Data, checked((int)Count));

    public Span<float> Row(int row) => new(Data + (long)row * Columns, Columns);
}

/// <summary>The gradient of one tensor. The first who writes overwrites and later ones add, so that nothing has to be cleared.
/// </summary>
internal unsafe struct Gradient
{
    /// <summary>As many floats as the tensor has; null until someone writes.</summary>
    public float* Data;

    /// <summary>Floats that Data has room for, where it is the step's.</summary>
    public long Capacity;

    /// <summary>Whether Data holds a value to add to.</summary>
    public bool Written;
}
