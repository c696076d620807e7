using Iced.Intel;
using Multihead.Kernels.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Multihead.Kernels.Gemm;

/// <summary>Writes the inner loops of the matrix product for AVX-512. From tile to tile of a row of them, up to 12 rows by 32
/// columns of C stay in registers while one word of every row of A meets 32 words of B. Rows and steps of A may lie anywhere (a packed panel, or a tile that another
/// product has made). A word is one float (fp32), two bf16 or four bytes (int8: unsigned
/// in A, signed in B) of successive depth. Columns that do not exist are masked, rows that do not exist have no code.</summary>
/// <param name="format">The format of the words.</param>
/// <param name="rows">1..12.</param>
/// <param name="epilogue">Stores the finished tile; null where it is stored as it is.</param>
internal sealed class ProductAssembler(ProductFormat format, int rows, EpilogueAssembler? epilogue = null)
{
    private const int Vector = 64; // bytes

    private const int SavedOnWindows = 10; // xmm6..15 belong to the caller there

    private static readonly AssemblerRegisterZMM[] Accumulators =
        [zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11,
         zmm12, zmm13, zmm14, zmm15, zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];

    private static readonly AssemblerRegisterZMM[] Broadcasts = [zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];
    private static readonly AssemblerRegisterXMM[] Saved = [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    private const int Unrolled = 4; // steps of a round

    // Loop registers; those of A and B belong to the caller on Windows, those of what comes next everywhere.
    private static readonly AssemblerRegister64[] ThirdRows = [r8, r9, r10, r11]; // row 0, 3, 6, 9 of A
    private static readonly AssemblerRegister64 ARow = rax, AStep = rdx, StepsLeft = rcx, B = rsi, Arguments = rdi;
    private static readonly AssemblerRegister64 Next = rbx, RowAfter = r12, LastRow = r13;
    private static readonly AssemblerRegister64 AheadLine = r14, AheadRowEnd = r15, AheadStep = rbp;
    private static readonly AssemblerRegister64[] Kept = [Next, RowAfter, LastRow, AheadLine, AheadRowEnd, AheadStep];

    // Outside the loop.
    private static readonly AssemblerRegister64 C = rsi, Stride = rdx, Pointer = r8, Scratch = rax;

    /// <summary>Writes the function.</summary>
    public void Write(Assembler x)
    {
        if (OperatingSystem.IsWindows()) Save(x);
        foreach (var register in Kept) x.push(register);
        LoadAhead(x);
        var tile = x.CreateLabel();
        x.Label(ref tile);
        ChooseByPlace(x);
        BeginChains(x);
        LoadPanels(x);
        Steps(x);
        if (format == ProductFormat.Int8) Int8Sums.WriteScaling(x, rows);
        if (epilogue is null) StoreChains(x);
        else epilogue.Write(x, rows);
        NextTile(x);
        x.jnz(tile);
        StoreAhead(x);
        x.vzeroupper();
        foreach (var register in Kept.Reverse()) x.pop(register);
        if (OperatingSystem.IsWindows()) Restore(x);
        x.ret();
        epilogue?.WriteConstants(x);
    }

    // The last tile may be narrower than the others, and what is wanted after it is elsewhere.
    private static void ChooseByPlace(Assembler x)
    {
        x.mov(eax, -1);
        x.mov(Next, Argument(ProductArguments.NextAt));
        x.cmp(Argument(ProductArguments.TilesAt), 1);
        x.cmove(eax, __dword_ptr[Arguments + ProductArguments.ColumnsAt]);
        x.cmove(Next, Argument(ProductArguments.LastNextAt));
        x.kmovw(k1, eax);
        x.shr(eax, 16);
        x.kmovw(k2, eax);
    }

    // Ends with the zero flag: whether there is none.
    private void NextTile(Assembler x)
    {
        x.add(Argument(ProductArguments.CAt), 2 * Vector);
        x.add(Argument(ProductArguments.NextAt), 2 * Vector);
        x.mov(Scratch, Argument(ProductArguments.PanelBytesAt));
        x.add(Argument(ProductArguments.BAt), Scratch);
        if (epilogue is not null) x.add(Argument(ProductArguments.FirstColumnAt), 2 * Vector / sizeof(float));
        if (format == ProductFormat.Int8) Int8Sums.WriteAdvance(x);
        x.dec(Argument(ProductArguments.TilesAt));
    }

    private static void LoadAhead(Assembler x)
    {
        x.mov(AheadLine, Ahead(Prefetcher.LineAt));
        x.mov(AheadRowEnd, Ahead(Prefetcher.RowEndAt));
        x.mov(AheadStep, Ahead(Prefetcher.StepAt));
    }

    private static void StoreAhead(Assembler x)
    {
        x.mov(Ahead(Prefetcher.LineAt), AheadLine);
        x.mov(Ahead(Prefetcher.RowEndAt), AheadRowEnd);
        x.mov(Ahead(Prefetcher.StepAt), AheadStep);
    }

    // Asks for one line of what lies ahead and moves on to the next.
    private static void AskAhead(Assembler x)
    {
        var inRow = x.CreateLabel();
        x.prefetcht1(__byte_ptr[AheadLine]);
        x.add(AheadLine, AheadStep);
        x.cmp(AheadLine, AheadRowEnd);
        x.jb(inRow);
        x.mov(AheadLine, AheadRowEnd);
        x.add(AheadLine, Ahead(Prefetcher.GapAt));
        x.add(AheadRowEnd, Ahead(Prefetcher.StrideAt));
        x.cmp(AheadRowEnd, Ahead(Prefetcher.EndAt));
        x.jbe(inRow);
        x.mov(AheadLine, Arguments);
        x.mov(AheadRowEnd, -1);
        x.xor(AheadStep, AheadStep);
        x.Label(ref inRow);
    }

    private void LoadPanels(Assembler x)
    {
        x.mov(ThirdRows[0], Argument(ProductArguments.AAt));
        x.mov(ARow, Argument(ProductArguments.ARowBytesAt));
        x.mov(AStep, Argument(ProductArguments.AStepBytesAt));
        for (var third = 1; third * 3 < rows; third++)
        {
            x.lea(ThirdRows[third], __[ThirdRows[third - 1] + ARow * 2]);
            x.add(ThirdRows[third], ARow);
        }
        x.mov(B, Argument(ProductArguments.BAt));
        x.mov(StepsLeft, Argument(ProductArguments.StepsAt));
    }

    private void BeginChains(Assembler x)
    {
        Label fresh = x.CreateLabel(), begun = x.CreateLabel();
        x.mov(Scratch, Argument(ProductArguments.ResumeAt));
        x.test(Scratch, Scratch);
        x.jz(fresh);
        x.mov(Pointer, Argument(ProductArguments.CAt));
        x.mov(Stride, Argument(ProductArguments.CStrideBytesAt));
        for (var row = 0; row < rows; row++)
        {
            x.vmovups(Left(row).k1.z, __zmmword_ptr[Pointer]);
            x.vmovups(Right(row).k2.z, __zmmword_ptr[Pointer + Vector]);
            if (row < rows - 1) x.add(Pointer, Stride);
        }
        x.jmp(begun);
        x.Label(ref fresh);
        if (format == ProductFormat.Int8)
        {
            x.mov(Pointer, Argument(ProductArguments.StartsAt));
            x.vmovups(zmm24, __zmmword_ptr[Pointer]);
            x.vmovups(zmm25, __zmmword_ptr[Pointer + Vector]);
        }
        else
        {
            x.vpxord(zmm24, zmm24, zmm24);
            x.vpxord(zmm25, zmm25, zmm25);
        }
        for (var row = 0; row < rows; row++)
        {
            x.vmovaps(Left(row), zmm24);
            x.vmovaps(Right(row), zmm25);
        }
        x.Label(ref begun);
    }

    // Four steps at a time, and what is left one by one. Each round of the first kind asks for a row of what is wanted next, so
    // that its misses neither hold up the chains there nor crowd out the loads here (once all rows are asked for, for the last
    // one again), and for a line of what lies ahead.
    private void Steps(Assembler x)
    {
        Label rounds = x.CreateLabel(), rest = x.CreateLabel(), single = x.CreateLabel(), done = x.CreateLabel();
        x.imul(LastRow, Argument(ProductArguments.CStrideBytesAt), rows - 1);
        x.add(LastRow, Next);
        x.sub(StepsLeft, Unrolled);
        x.jl(rest);
        x.Label(ref rounds);
        x.prefetchw(__byte_ptr[Next]);
        x.prefetchw(__byte_ptr[Next + Vector]);
        x.mov(RowAfter, Argument(ProductArguments.CStrideBytesAt));
        x.add(RowAfter, Next);
        x.cmp(RowAfter, LastRow);
        x.cmovbe(Next, RowAfter);
        AskAhead(x);
        for (var step = 0; step < Unrolled; step++) Step(x);
        x.sub(StepsLeft, Unrolled);
        x.jge(rounds);
        x.Label(ref rest);
        x.add(StepsLeft, Unrolled);
        x.jz(done);
        x.Label(ref single);
        Step(x);
        x.dec(StepsLeft);
        x.jnz(single);
        x.Label(ref done);
    }

    private void Step(Assembler x)
    {
        x.vmovups(zmm24, __zmmword_ptr[B]);
        x.vmovups(zmm25, __zmmword_ptr[B + Vector]);
        for (var row = 0; row < rows; row++)
        {
            var word = Broadcasts[row % Broadcasts.Length];
            x.vbroadcastss(word, Word(row));
            MultiplyAdd(x, Left(row), zmm24, word);
            MultiplyAdd(x, Right(row), zmm25, word);
        }
        for (var row = 0; row < rows; row += 3) x.add(ThirdRows[row / 3], AStep);
        x.add(B, 2 * Vector);
    }

    private void MultiplyAdd(Assembler x, AssemblerRegisterZMM chain, AssemblerRegisterZMM b, AssemblerRegisterZMM a)
    {
        if (format == ProductFormat.Fp32) x.vfmadd231ps(chain, b, a);
        else if (format == ProductFormat.Bf16) x.vdpbf16ps(chain, b, a);
        else x.vpdpbusd(chain, a, b); // the unsigned side first
    }

    private static AssemblerMemoryOperand Word(int row)
    {
        var third = ThirdRows[row / 3];
        return (row % 3) switch
        {
            0 => __dword_ptr[third],
            1 => __dword_ptr[third + ARow],
            _ => __dword_ptr[third + ARow * 2],
        };
    }

    private void StoreChains(Assembler x)
    {
        x.mov(C, Argument(ProductArguments.CAt));
        x.mov(Stride, Argument(ProductArguments.CStrideBytesAt));
        for (var row = 0; row < rows; row++)
        {
            x.vmovups(__zmmword_ptr[C].k1, Left(row));
            x.vmovups(__zmmword_ptr[C + Vector].k2, Right(row));
            if (row < rows - 1) x.add(C, Stride);
        }
    }

    private static void Save(Assembler x)
    {
        x.push(rsi);
        x.push(rdi);
        x.sub(rsp, SavedOnWindows * 16 + 8);
        for (var i = 0; i < SavedOnWindows; i++) x.vmovups(__xmmword_ptr[rsp + 16 * i], Saved[i]);
        x.mov(Arguments, MachineCode.Argument);
    }

    private static void Restore(Assembler x)
    {
        for (var i = 0; i < SavedOnWindows; i++) x.vmovups(Saved[i], __xmmword_ptr[rsp + 16 * i]);
        x.add(rsp, SavedOnWindows * 16 + 8);
        x.pop(rdi);
        x.pop(rsi);
    }

    private static AssemblerMemoryOperand Argument(int at) => __qword_ptr[Arguments + at];

    private static AssemblerMemoryOperand Ahead(int at) => Argument(ProductArguments.AheadAt + at);

    private static AssemblerRegisterZMM Left(int row) => Accumulators[2 * row];

    private static AssemblerRegisterZMM Right(int row) => Accumulators[2 * row + 1];
}
