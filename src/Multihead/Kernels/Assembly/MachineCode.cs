using Iced.Intel;

namespace Multihead.Kernels.Assembly;

/// <summary>Turns assembled instructions into a function that can be called.</summary>
internal static unsafe class MachineCode
{
    private const int PageLength = 1 << 14; // a multiple of every system's page

    /// <summary>Whether code may be assembled in this process: MULTIHEAD_JIT=0 turns it off.</summary>
    public static bool IsAllowed { get; } = Environment.GetEnvironmentVariable("MULTIHEAD_JIT") != "0";

    /// <summary>The register that holds the only argument of a function.</summary>
    public static AssemblerRegister64 Argument =>
        OperatingSystem.IsWindows() ? AssemblerRegisters.rcx : AssemblerRegisters.rdi;

    /// <summary>Makes each writer's code a function; null where the system refuses executable memory.</summary>
    public static nint[]? TryCompile(IReadOnlyList<Action<Assembler>> writers)
    {
        const int alignment = 64;
        var length = (nint)writers.Count * PageLength;
        var memory = ExecutableMemory.TryMap(length);
        if (memory == null) return null;
        var functions = new nint[writers.Count];
        nint used = 0;
        for (var i = 0; i < functions.Length; i++)
        {
            var code = Assemble(writers[i], (ulong)(memory + used));
            if (used + code.Length > length) throw new InvalidOperationException("the assembled code is longer than its memory");
            code.CopyTo(new Span<byte>(memory + used, code.Length));
            functions[i] = (nint)(memory + used);
            used = (used + code.Length + alignment - 1) / alignment * alignment;
        }
        if (ExecutableMemory.TryMakeExecutable(memory, length)) return functions;
        ExecutableMemory.Unmap(memory, length);
        return null;
    }

    private static byte[] Assemble(Action<Assembler> write, ulong address)
    {
        var assembler = new Assembler(64);
        write(assembler);
        using var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), address);
        return bytes.ToArray();
    }
}
