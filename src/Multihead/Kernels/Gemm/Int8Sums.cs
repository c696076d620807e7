using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Kernels.Gemm;

/// <summary>Writes what a microkernel for int8 does beside the others: turns the integer sums of a group into floats. The chains
/// of row i are in registers 2 i and 2 i + 1, masks of the columns in k1 and k2, the arguments' address in rdi.</summary>
internal static class Int8Sums
{
    private const int Vector = 64; // bytes

    private static readonly AssemblerRegister64 Arguments = rdi, Pointer = r8, Stride = rdx, Scratch = rax;

    /// <summary>C = float(sum) * (row scale * column scale), or C + that, each operation rounded; with no column scales the
    /// sums stay.</summary>
    public static void WriteScaling(Assembler x, int rows)
    {
        var done = x.CreateLabel();
        x.mov(Scratch, __qword_ptr[Arguments + ProductArguments.ColumnScalesAt]);
        x.test(Scratch, Scratch);
        x.jz(done);
        x.vmovups(zmm24, __zmmword_ptr[Scratch]);
        x.vmovups(zmm25, __zmmword_ptr[Scratch + Vector]);
        x.mov(Pointer, __qword_ptr[Arguments + ProductArguments.RowScalesAt]);
        for (var row = 0; row < rows; row++)
        {
            x.vbroadcastss(zmm26, __dword_ptr[Pointer + row * sizeof(float)]);
            foreach (var (chain, scale) in new[] { (Chain(2 * row), zmm24), (Chain(2 * row + 1), zmm25) })
            {
                x.vmulps(zmm27, zmm26, scale);
                x.vcvtdq2ps(chain, chain);
                x.vmulps(chain, chain, zmm27);
            }
        }
        x.mov(Scratch, __qword_ptr[Arguments + ProductArguments.AddAt]);
        x.test(Scratch, Scratch);
        x.jz(done);
        x.mov(Pointer, __qword_ptr[Arguments + ProductArguments.CAt]);
        x.mov(Stride, __qword_ptr[Arguments + ProductArguments.CStrideBytesAt]);
        for (var row = 0; row < rows; row++)
        {
            x.vaddps(Chain(2 * row).k1.z, Chain(2 * row), __zmmword_ptr[Pointer]);
            x.vaddps(Chain(2 * row + 1).k2.z, Chain(2 * row + 1), __zmmword_ptr[Pointer + Vector]);
            if (row < rows - 1) x.add(Pointer, Stride);
        }
        x.Label(ref done);
    }

    /// <summary>Goes on to the columns of the next tile.</summary>
    public static void WriteAdvance(Assembler x)
    {
        var noScales = x.CreateLabel();
        x.add(__qword_ptr[Arguments + ProductArguments.StartsAt], 2 * Vector);
        x.cmp(__qword_ptr[Arguments + ProductArguments.ColumnScalesAt], 0);
        x.je(noScales);
        x.add(__qword_ptr[Arguments + ProductArguments.ColumnScalesAt], 2 * Vector);
        x.Label(ref noScales);
    }

    private static AssemblerRegisterZMM Chain(int number) => new(Register.ZMM0 + number);
}
