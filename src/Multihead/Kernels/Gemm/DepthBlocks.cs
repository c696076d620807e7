namespace Multihead.Kernels.Gemm;

/// <summary>How the depth of a product is cut: chains resume from C, so this is a matter of speed alone.</summary>
internal static class DepthBlocks
{
    /// <summary>Words of the longest block: a panel of A (12 KB) and one of B (32 KB) fit the first-level cache together.</summary>
    public const int Most = 256;

    /// <summary>Words of every block but perhaps the last: as even as whole cache lines allow.</summary>
    public static int Length(int words)
    {
        const int line = 16;
        var blocks = (words + Most - 1) / Most;
        return blocks == 0 ? 0 : ((words + blocks - 1) / blocks + line - 1) / line * line;
    }
}
