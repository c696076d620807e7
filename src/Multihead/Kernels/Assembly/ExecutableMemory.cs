using System.Runtime.InteropServices;

namespace Multihead.Kernels.Assembly;

/// <summary>Memory for machine code, asked of the operating system: mapped writable, filled, then made executable, never both
/// at once. It lives as long as the process.</summary>
internal static unsafe partial class ExecutableMemory
{
    private const int PosixReadWrite = 1 | 2, PosixReadExecute = 1 | 4;
    private const int MapPrivate = 2, MapAnonymousOnLinux = 0x20, MapAnonymousOnMac = 0x1000;
    private const uint WindowsCommitAndReserve = 0x3000, WindowsReadWrite = 0x04, WindowsExecuteRead = 0x20;

    /// <summary>Maps <paramref name="length"/> bytes that can be written; null where the system refuses.</summary>
    public static byte* TryMap(nint length)
    {
        if (OperatingSystem.IsWindows()) return (byte*)VirtualAlloc(0, length, WindowsCommitAndReserve, WindowsReadWrite);
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return null;
        var anonymous = OperatingSystem.IsMacOS() ? MapAnonymousOnMac : MapAnonymousOnLinux;
        var address = Map(0, length, PosixReadWrite, MapPrivate | anonymous, -1, 0);
        return address == -1 ? null : (byte*)address;
    }

    /// <summary>Makes mapped memory executable and no longer writable; false where the system refuses.</summary>
    public static bool TryMakeExecutable(byte* memory, nint length) => OperatingSystem.IsWindows()
        ? VirtualProtect((nint)memory, length, WindowsExecuteRead, out _) != 0
        : Protect((nint)memory, length, PosixReadExecute) == 0;

    /// <summary>Gives mapped memory back that did not become executable.</summary>
    public static void Unmap(byte* memory, nint length)
    {
        const uint windowsRelease = 0x8000;
        if (OperatingSystem.IsWindows()) VirtualFree((nint)memory, 0, windowsRelease);
        else Unmap((nint)memory, length);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);

    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nint length, uint kind, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(nint address, nint length, uint protection, out uint old);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(nint address, nint length, uint kind);
}
