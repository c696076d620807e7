namespace Multihead.Kernels.Gemm;

/// <summary>Symmetric quantisation to -127..127: x is about <c>Factor * q</c> with q = x * Inverse rounded to nearest
/// even.</summary>
/// <param name="Factor">largest / 127. NaN where the largest magnitude is not finite: what comes of such elements is NaN as a
/// whole.</param>
/// <param name="Inverse">127 / largest; 0 where that is no number, so that magnitudes below 4e-37 count as zero.</param>
internal readonly record struct Int8Scale(float Factor, float Inverse)
{
    /// <summary>The scale of elements of magnitudes up to <paramref name="largest"/>, 0 or more.</summary>
    public static Int8Scale For(float largest)
    {
        if (!float.IsFinite(largest)) return new Int8Scale(float.NaN, 0);
        var inverse = 127 / largest;
        return float.IsFinite(inverse) ? new Int8Scale(largest / 127, inverse) : default;
    }

    /// <summary>q of an element, -127..127; 0 for NaN.</summary>
    public int Quantize(float x) => (int)Math.Clamp(MathF.Round(x * Inverse), -127, 127);
}
