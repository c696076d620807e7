using Iced.Intel;
using Multihead.Kernels.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Kernels.Attention;

/// <summary>Rounds rows of floats to words of two bf16, ties to even and subnormal numbers to zero, as the processor's products
/// take them: two neighbours of one row (sides A of products along the row) or the two elements below each other (both sides of
/// products along the rows). Assembled, since .NET has no intrinsic for it; for machines whose products have bf16.</summary>
internal static unsafe class Bf16Rows
{
    private const int Vector = 64; // bytes

    // Registers that no calling convention wants back.
    private static readonly AssemblerRegister64 Arguments = rax, From = rcx, To = rdx, Left = r10, Rows = r11;
    private static readonly AssemblerRegister64 Even = r8, Odd = r9;
    private static readonly AssemblerRegisterZMM Order = zmm16, High = zmm17, Words = zmm18;

    private static readonly nint[] Code = MachineCode.TryCompile([WriteAlong, WriteAcross])
        ?? throw new InvalidOperationException("the system has refused executable memory that it gave before");

    /// <summary>In each of some rows, destination[w] holds source[2w] in its low and source[2w + 1] in its high half. Destination
    /// may be source.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Floats between rows, on both sides.</param>
    /// <param name="rows">1 or more.</param>
    /// <param name="count">Floats of a row, which are rounded in vectors of 32: both sides have room for whole ones.</param>
    /// <param name="destination">The first row.</param>
    public static void Along(float* source, nint stride, int rows, int count, float* destination) =>
        Run(0, source, stride, rows, (count + 31) / 32, destination, stride);

    /// <summary>For each of some pairs of rows, even and odd, destination[i] holds even[i] in its low and odd[i] in its high
    /// half.</summary>
    /// <param name="source">The first even row.</param>
    /// <param name="stride">Floats between rows of the source.</param>
    /// <param name="pairs">1 or more.</param>
    /// <param name="count">Floats of a row, a multiple of 16.</param>
    /// <param name="destination">The first row.</param>
    /// <param name="destinationStride">Floats between rows of the destination.</param>
    public static void Across(float* source, nint stride, int pairs, int count, float* destination, nint destinationStride) =>
        Run(1, source, stride, pairs, count / 16, destination, destinationStride);

    private static void Run(int function, float* source, nint stride, int rows, int vectors, float* destination,
        nint destinationStride)
    {
        // The assembled code knows the order.
        var arguments = stackalloc nint[6];
        arguments[0] = (nint)source;
        arguments[1] = stride * sizeof(float);
        arguments[2] = (nint)destination;
        arguments[3] = destinationStride * sizeof(float);
        arguments[4] = rows;
        arguments[5] = vectors;
        ((delegate* unmanaged[SuppressGCTransition]<nint*, void>)Code[function])(arguments);
    }

    private static void WriteAlong(Assembler x) => WriteRows(x, x =>
    {
        x.vmovups(High, __zmmword_ptr[Even + Vector]);
        x.vcvtne2ps2bf16(Words, High, __zmmword_ptr[Even]);
        x.add(Even, 2 * Vector);
    }, rowsOfPair: 1);

    private static void WriteAcross(Assembler x)
    {
        Label order = x.CreateLabel(), begin = x.CreateLabel();
        x.jmp(begin);
        x.Label(ref order);
        for (var i = 0; i < 16; i++) x.dd((uint)(i | (i + 16) << 16)); // the halves' words in turn
        x.Label(ref begin);
        x.vmovups(Order, __zmmword_ptr[order]);
        WriteRows(x, x =>
        {
            x.vmovups(High, __zmmword_ptr[Odd]);
            x.vcvtne2ps2bf16(Words, High, __zmmword_ptr[Even]);
            x.vpermw(Words, Order, Words);
            x.add(Even, Vector);
            x.add(Odd, Vector);
        }, rowsOfPair: 2);
    }

    private static void WriteRows(Assembler x, Action<Assembler> vector, int rowsOfPair)
    {
        Label row = x.CreateLabel(), next = x.CreateLabel();
        x.mov(Arguments, MachineCode.Argument);
        x.mov(From, __qword_ptr[Arguments]);
        x.mov(Rows, __qword_ptr[Arguments + 32]);
        x.Label(ref row);
        x.mov(Even, From);
        x.add(From, __qword_ptr[Arguments + 8]);
        x.mov(Odd, From);
        if (rowsOfPair == 2) x.add(From, __qword_ptr[Arguments + 8]);
        x.mov(To, __qword_ptr[Arguments + 16]);
        x.mov(Left, __qword_ptr[Arguments + 40]);
        x.Label(ref next);
        vector(x);
        x.vmovups(__zmmword_ptr[To], Words);
        x.add(To, Vector);
        x.dec(Left);
        x.jnz(next);
        x.mov(To, __qword_ptr[Arguments + 24]);
        x.add(__qword_ptr[Arguments + 16], To);
        x.dec(Rows);
        x.jnz(row);
        x.vzeroupper();
        x.ret();
    }
}
