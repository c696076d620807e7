using Iced.Intel;
using Multihead.Kernels.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Kernels.Gemm;

/// <summary>Writes the innermost loop of the matrix product for AVX-512: up to 12 rows by 32 columns of C stay in registers while
/// one word of every row of A meets 32 words of B. A word is one float (fp32) or two bf16 of successive depth. Columns that do
/// not exist are masked, rows that do not exist have no code.</summary>
internal sealed class ProductAssembler(ProductFormat format, int rows)
{
    private const int Vector = 64; // bytes
    private const int SavedOnWindows = 10; // xmm6..15 belong to the caller there

    private static readonly AssemblerRegisterZMM[] Accumulators =
        [zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11,
         zmm12, zmm13, zmm14, zmm15, zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];

    private static readonly AssemblerRegisterZMM[] Broadcasts = [zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];
    private static readonly AssemblerRegisterXMM[] Saved = [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    // Registers that no calling convention wants back.
    private static readonly AssemblerRegister64 A = r8, B = r9, Steps = r10, C = r11, Stride = rdx, Pointer = rax;

    /// <summary>Writes the function.</summary>
    public void Write(Assembler x)
    {
        if (OperatingSystem.IsWindows()) Save(x);
        LoadArguments(x);
        var loop = x.CreateLabel();
        BeginChains(x, loop);
        x.Label(ref loop);
        Step(x);
        x.add(A, Tile.WidestRows * sizeof(float));
        x.add(B, 2 * Vector);
        x.dec(Steps);
        x.jnz(loop);
        StoreChains(x);
        x.vzeroupper();
        if (OperatingSystem.IsWindows()) Restore(x);
        x.ret();
    }

    private static void LoadArguments(Assembler x)
    {
        var argument = MachineCode.Argument;
        x.mov(A, __qword_ptr[argument]);
        x.mov(B, __qword_ptr[argument + 8]);
        x.mov(C, __qword_ptr[argument + 16]);
        x.mov(Steps, __qword_ptr[argument + 24]);
        x.mov(eax, __dword_ptr[argument + 48]);
        x.kmovw(k1, eax);
        x.shr(eax, 16);
        x.kmovw(k2, eax);
        x.mov(rax, __qword_ptr[argument + 40]);
        x.mov(Stride, __qword_ptr[argument + 32]);
    }

    private void BeginChains(Assembler x, Label begun)
    {
        var fresh = x.CreateLabel();
        x.test(rax, rax);
        x.jz(fresh);
        x.mov(Pointer, C);
        for (var row = 0; row < rows; row++)
        {
            x.vmovups(Left(row).k1.z, __zmmword_ptr[Pointer]);
            x.vmovups(Right(row).k2.z, __zmmword_ptr[Pointer + Vector]);
            x.add(Pointer, Stride);
        }
        x.jmp(begun);
        x.Label(ref fresh);
        for (var row = 0; row < rows; row++)
        {
            x.vpxord(Left(row), Left(row), Left(row));
            x.vpxord(Right(row), Right(row), Right(row));
        }
    }

    private void Step(Assembler x)
    {
        x.vmovups(zmm24, __zmmword_ptr[B]);
        x.vmovups(zmm25, __zmmword_ptr[B + Vector]);
        for (var row = 0; row < rows; row++)
        {
            var word = Broadcasts[row % Broadcasts.Length];
            x.vbroadcastss(word, __dword_ptr[A + row * sizeof(float)]);
            if (format == ProductFormat.Fp32)
            {
                x.vfmadd231ps(Left(row), zmm24, word);
                x.vfmadd231ps(Right(row), zmm25, word);
            }
            else
            {
                x.vdpbf16ps(Left(row), zmm24, word);
                x.vdpbf16ps(Right(row), zmm25, word);
            }
        }
    }

    private void StoreChains(Assembler x)
    {
        for (var row = 0; row < rows; row++)
        {
            x.vmovups(__zmmword_ptr[C].k1, Left(row));
            x.vmovups(__zmmword_ptr[C + Vector].k2, Right(row));
            if (row < rows - 1) x.add(C, Stride);
        }
    }

    private static void Save(Assembler x)
    {
        x.sub(rsp, SavedOnWindows * 16 + 8);
        for (var i = 0; i < SavedOnWindows; i++) x.vmovups(__xmmword_ptr[rsp + 16 * i], Saved[i]);
    }

    private static void Restore(Assembler x)
    {
        for (var i = 0; i < SavedOnWindows; i++) x.vmovups(Saved[i], __xmmword_ptr[rsp + 16 * i]);
        x.add(rsp, SavedOnWindows * 16 + 8);
    }

    private static AssemblerRegisterZMM Left(int row) => Accumulators[2 * row];

    private static AssemblerRegisterZMM Right(int row) => Accumulators[2 * row + 1];
}
