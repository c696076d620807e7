using Multihead.Kernels.Simd;

namespace Multihead.Kernels.Gemm;

/// <summary>What becomes of a finished vector of C before it is stored. An epilogue is a struct whose fields are its operands. It
/// is written once: the portable loops call it, and assembled code is made from a recording of one call
/// (<see cref="TracingPlace"/>), so it must not branch on what its fields hold, and reads and writes memory by its place alone.
/// </summary>
internal interface IEpilogue
{
    /// <summary>What stands in C in the place of <paramref name="c"/>; called once for each vector, those of a row of a tile one
    /// after the other. A lane's result must not depend on the other lanes.</summary>
    V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct;
}

/// <summary>C stays as it is.</summary>
internal readonly struct NoEpilogue : IEpilogue
{
    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct => c;
}

/// <summary>One epilogue after another.</summary>
internal struct Then<TFirst, TSecond>(TFirst first, TSecond second) : IEpilogue
    where TFirst : unmanaged, IEpilogue where TSecond : unmanaged, IEpilogue
{
    // Not readonly: the compiler would call them on copies, and a place knows an operand by where it stands in the epilogue.
    private TFirst _first = first;
    private TSecond _second = second;

    public V Apply<TPlace, TSimd, V>(ref TPlace at, V c)
        where TPlace : struct, IPlace<V> where TSimd : struct, ISimd<V> where V : struct =>
        _second.Apply<TPlace, TSimd, V>(ref at, _first.Apply<TPlace, TSimd, V>(ref at, c));
}
