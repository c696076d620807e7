using Multihead.Kernels.Assembly;

namespace Multihead.Kernels.Gemm;

/// <summary>The assembled microkernels of this process, made at first use: one for each number of rows, and once more for each
/// type of epilogue.</summary>
internal static unsafe class AssembledProduct
{
    /// <summary>Whether products of the format run on assembled code here.</summary>
    public static bool Serves(ProductFormat format) => Serves<NoEpilogue>(format);

    /// <summary>Whether there is assembled code that ends with the epilogue.</summary>
    public static bool Serves<TEpilogue>(ProductFormat format) where TEpilogue : unmanaged, IEpilogue =>
        Functions<TEpilogue>(format) is not null;

    /// <summary>The microkernel for so many rows, 1..12, that ends with the epilogue.</summary>
    public static nint Function<TEpilogue>(ProductFormat format, int rows) where TEpilogue : unmanaged, IEpilogue =>
        Functions<TEpilogue>(format)![rows - 1];

    /// <summary>The microkernels without an epilogue for 1..12 rows; null where there are none.</summary>
    public static nint[]? Functions(ProductFormat format) => Functions<NoEpilogue>(format);

    /// <summary>Calls a microkernel.</summary>
    public static void Run(nint function, ProductArguments* arguments) =>
        ((delegate* unmanaged[SuppressGCTransition]<ProductArguments*, void>)function)(arguments);

    private static nint[]? Functions<TEpilogue>(ProductFormat format) where TEpilogue : unmanaged, IEpilogue =>
        format == ProductFormat.Fp32 ? Fp32<TEpilogue>.Functions
        : format == ProductFormat.Bf16 ? Bf16<TEpilogue>.Functions
        : Int8<TEpilogue>.Functions;

    private static nint[]? Compile<TEpilogue>(ProductFormat format) where TEpilogue : unmanaged, IEpilogue
    {
        if (!MachineCode.IsAllowed) return null;
        var epilogue = typeof(TEpilogue) == typeof(NoEpilogue) ? null : EpilogueAssembler.Of<TEpilogue>();
        return MachineCode.TryCompile([.. Enumerable.Range(1, Tile.WidestRows).Select(rows =>
            (Action<Iced.Intel.Assembler>)new ProductAssembler(format, rows, epilogue).Write)]);
    }

    private static class Fp32<TEpilogue> where TEpilogue : unmanaged, IEpilogue
    {
        public static readonly nint[]? Functions =
            ProcessorFeatures.Avx512 ? Compile<TEpilogue>(ProductFormat.Fp32) : null;
    }

    private static class Bf16<TEpilogue> where TEpilogue : unmanaged, IEpilogue
    {
        public static readonly nint[]? Functions =
            ProcessorFeatures.Avx512Bf16 ? Compile<TEpilogue>(ProductFormat.Bf16) : null;
    }

    private static class Int8<TEpilogue> where TEpilogue : unmanaged, IEpilogue
    {
        public static readonly nint[]? Functions =
            ProcessorFeatures.Avx512Vnni ? Compile<TEpilogue>(ProductFormat.Int8) : null;
    }
}
