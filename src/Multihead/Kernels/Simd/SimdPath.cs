using System.Runtime.Intrinsics;

namespace Multihead.Kernels.Simd;

/// <summary>Which vector width the kernels of this process run on. The three tests are constants to the compiler, so that
/// <c>if (SimdPath.Is512) Loop&lt;Simd512, Vector512&lt;float&gt;&gt;() else ...</c> costs nothing.</summary>
internal static class SimdPath
{
    public static bool Is512 => Vector512.IsHardwareAccelerated;
    public static bool Is256 => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated;

    /// <summary>"Vector512", "Vector256" or "Vector128", as reports print it.</summary>
    public static string Name => Is512 ? "Vector512" : Is256 ? "Vector256" : "Vector128";
}
