using Multihead.Kernels.Assembly;

namespace Multihead.Kernels.Gemm;

/// <summary>The assembled microkernels of this process, made at first use: one for each number of rows.</summary>
internal static unsafe class AssembledProduct
{
    private static readonly nint[]? Fp32 = ProcessorFeatures.Avx512 ? Compile(ProductFormat.Fp32) : null;
    private static readonly nint[]? Bf16 = ProcessorFeatures.Avx512Bf16 ? Compile(ProductFormat.Bf16) : null;

    /// <summary>Whether products of the format run on assembled code here.</summary>
    public static bool Serves(ProductFormat format) => (format == ProductFormat.Fp32 ? Fp32 : Bf16) is not null;

    /// <summary>C [rows, columns] (+)= A panel x B panel; rows 1..12, columns 1..32, at least one step.</summary>
    public static void Multiply(ProductFormat format, int rows, int columns, float* a, float* b, int steps, float* c,
        long cStride, bool resume) =>
        Multiply(format, rows, columns, a, 1, Tile.WidestRows, b, steps, c, cStride, resume);

    /// <summary>The same where the word of a row and a step of A stands at a[row * aRow + step * aStep].</summary>
    public static void Multiply(ProductFormat format, int rows, int columns, float* a, long aRow, long aStep, float* b, int steps,
        float* c, long cStride, bool resume)
    {
        var arguments = new ProductArguments
        {
            A = a,
            ARowBytes = aRow * sizeof(float),
            AStepBytes = aStep * sizeof(float),
            B = b,
            C = c,
            Steps = steps,
            CStrideBytes = cStride * sizeof(float),
            Resume = resume ? 1 : 0,
            Columns = (1L << columns) - 1,
            NextC = c,
        };
        Run(Function(format, rows), &arguments);
    }

    /// <summary>The microkernel for so many rows, 1..12.</summary>
    public static nint Function(ProductFormat format, int rows) => (format == ProductFormat.Fp32 ? Fp32 : Bf16)![rows - 1];

    /// <summary>Calls a microkernel.</summary>
    public static void Run(nint function, ProductArguments* arguments) =>
        ((delegate* unmanaged[SuppressGCTransition]<ProductArguments*, void>)function)(arguments);

    private static nint[]? Compile(ProductFormat format) => MachineCode.IsAllowed
        ? MachineCode.TryCompile([.. Enumerable.Range(1, Tile.WidestRows).Select(rows =>
            (Action<Iced.Intel.Assembler>)new ProductAssembler(format, rows).Write)])
        : null;
}
