using System.Runtime.Intrinsics;

namespace Multihead.Kernels.Gemm;

/// <summary>How the elements of a matrix become the words of a panel: a word holds the elements of one lane (a row of A, a column
/// of B) at one step, or at some steps in succession, the first in its lowest bits.</summary>
/// <typeparam name="T">An element in memory.</typeparam>
internal unsafe interface IWords<T> where T : unmanaged
{
    /// <summary>Elements in a word.</summary>
    static abstract int Elements { get; }

    /// <summary>The word of <paramref name="count"/> (1..Elements) elements of a lane; what is missing counts as zero.</summary>
    uint Word(T* source, long depthStride, int lane, int count);

    /// <summary>Sixteen words in succession of one lane whose elements are neighbours in memory.</summary>
    Vector512<uint> Along(T* source, int lane);

    /// <summary>The words of one step of <paramref name="count"/> (1..16) lanes whose elements are neighbours in memory.</summary>
    Vector512<uint> Across(T* source, long depthStride, int lane, int count);
}
