namespace Multihead.Tests.Models.Formats.Gguf;

/// <summary>ggml's 256-element blocks written down bit by bit: where each element's bits stand, without loops over groups.
/// </summary>
internal static class PlainGguf
{
    /// <summary>scale * s * q - minimum * m.</summary>
    public static float[] Q4K(byte[] block)
    {
        var (scale, minimum) = ((float)BitConverter.ToHalf(block, 0), (float)BitConverter.ToHalf(block, 2));
        byte P(int i) => block[4 + i];
        int[] s =
        [
            P(0) & 63, P(1) & 63, P(2) & 63, P(3) & 63,
            (P(8) & 15) + 16 * (P(0) / 64), (P(9) & 15) + 16 * (P(1) / 64),
            (P(10) & 15) + 16 * (P(2) / 64), (P(11) & 15) + 16 * (P(3) / 64),
        ];
        int[] m =
        [
            P(4) & 63, P(5) & 63, P(6) & 63, P(7) & 63,
            P(8) / 16 + 16 * (P(4) / 64), P(9) / 16 + 16 * (P(5) / 64),
            P(10) / 16 + 16 * (P(6) / 64), P(11) / 16 + 16 * (P(7) / 64),
        ];
        var values = new List<float>();
        for (var pair = 0; pair < 4; pair++)
        {
            var quanta = block[(16 + 32 * pair)..(48 + 32 * pair)];
            values.AddRange(quanta.Select(q => scale * s[2 * pair] * (q % 16) - minimum * m[2 * pair]));
            values.AddRange(quanta.Select(q => scale * s[2 * pair + 1] * (q / 16) - minimum * m[2 * pair + 1]));
        }
        return [.. values];
    }

    /// <summary>scale * s * (q - 32).</summary>
    public static float[] Q6K(byte[] block)
    {
        var scale = (float)BitConverter.ToHalf(block, 208);
        var values = new float[256];
        for (var half = 0; half < 2; half++)
            for (var l = 0; l < 32; l++)
            {
                var (a, b, high) = (block[64 * half + l], block[64 * half + 32 + l], block[128 + 32 * half + l]);
                int[] q =
                [
                    a % 16 + 16 * (high % 4), b % 16 + 16 * (high / 4 % 4),
                    a / 16 + 16 * (high / 16 % 4), b / 16 + 16 * (high / 64),
                ];
                for (var run = 0; run < 4; run++)
                    values[128 * half + 32 * run + l] = scale * (sbyte)block[192 + 8 * half + 2 * run + l / 16] * (q[run] - 32);
            }
        return values;
    }
}
