namespace Multihead.Tests.Tensors.Plain;

/// <summary>A matrix of doubles, row after row: what the plain operations work on.</summary>
internal sealed class PlainMatrix(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public double[] Data { get; } = new double[rows * columns];

    public ref double this[int row, int column] => ref Data[row * Columns + column];

    public Span<double> Row(int row) => Data.AsSpan(row * Columns, Columns);

    /// <summary>A copy of floats.</summary>
    public static PlainMatrix Of(ReadOnlySpan<float> values, int rows, int columns)
    {
        Assert.Equal(values.Length, rows * columns);
        var matrix = new PlainMatrix(rows, columns);
        for (var i = 0; i < values.Length; i++) matrix.Data[i] = values[i];
        return matrix;
    }

    /// <summary>The same shape, each element made from the one here.</summary>
    public PlainMatrix Map(Func<double, double> function)
    {
        var result = new PlainMatrix(Rows, Columns);
        for (var i = 0; i < Data.Length; i++) result.Data[i] = function(Data[i]);
        return result;
    }

    /// <summary>Columns <paramref name="first"/> and on.</summary>
    public PlainMatrix Part(int first, int count)
    {
        var part = new PlainMatrix(Rows, count);
        for (var i = 0; i < Rows; i++) Row(i).Slice(first, count).CopyTo(part.Row(i));
        return part;
    }

    public static PlainMatrix operator +(PlainMatrix a, PlainMatrix b)
    {
        Assert.Equal((a.Rows, a.Columns), (b.Rows, b.Columns));
        var sum = new PlainMatrix(a.Rows, a.Columns);
        for (var i = 0; i < sum.Data.Length; i++) sum.Data[i] = a.Data[i] + b.Data[i];
        return sum;
    }
}
