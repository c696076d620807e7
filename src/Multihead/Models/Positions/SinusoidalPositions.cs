using System.Runtime.InteropServices;

namespace Multihead.Models.Positions;

/// <summary>Fixed position vectors: sin and cos of position / 10000^(2i/dim). "Attention Is All You Need", section 3.5,
/// https://arxiv.org/abs/1706.03762. Differs: all sines stand first, then all cosines, as in Marian and Hugging Face; the paper's
/// formula interleaves them, which is the same up to a permutation of dimensions.</summary>
internal sealed unsafe class SinusoidalPositions : IDisposable
{
    private float* _table; // [maxLength, dim]

    public SinusoidalPositions(int maxLength, int dim)
    {
        MaxLength = maxLength;
        _table = (float*)NativeMemory.AlignedAlloc(checked((nuint)maxLength * (nuint)dim * sizeof(float)), 64);
        var half = (dim + 1) / 2;
        for (var position = 0; position < maxLength; position++)
        {
            for (var i = 0; i < dim; i++)
            {
                var angle = position / Math.Pow(10000, 2.0 * (i < half ? i : i - half) / dim);
                _table[(long)position * dim + i] = (float)(i < half ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
    }

    /// <summary>Positions that the table has.</summary>
    public int MaxLength { get; }

    public float* Table => _table;

    /// <summary>Frees the table.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_table);
        _table = null;
    }
}
