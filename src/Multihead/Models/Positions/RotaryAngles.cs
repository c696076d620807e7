using Multihead.Models.Configuration;
using Multihead.Tensors;

namespace Multihead.Models.Positions;

/// <summary>The angles that rotary positions turn queries and keys by: position * theta^(-2i/headDim) for pair i. RoFormer,
/// https://arxiv.org/abs/2104.09864, section 3.2.2. Computed in double precision for the tokens at hand, once for all layers.
/// </summary>
internal sealed class RotaryAngles
{
    private readonly double[] _frequencies; // [headDim / 2]

    public RotaryAngles(RotaryPositionsConfig config, int headDim)
    {
        _frequencies = new double[headDim / 2];
        for (var i = 0; i < _frequencies.Length; i++) _frequencies[i] = Math.Pow(config.Theta, -2.0 * i / headDim);
    }

    /// <summary>[positions, headDim]: the cosines, then the sines; no gradient.</summary>
    public unsafe Tensor Of(Workspace w, ReadOnlySpan<int> positions)
    {
        var half = _frequencies.Length;
        var angles = new Tensor(w.Arena.Take<float>(2L * half * positions.Length), positions.Length, 2 * half, null);
        for (var t = 0; t < positions.Length; t++)
        {
            var row = angles.Row(t);
            for (var i = 0; i < half; i++)
            {
                var (sine, cosine) = Math.SinCos(positions[t] * _frequencies[i]);
                (row[i], row[half + i]) = ((float)cosine, (float)sine);
            }
        }
        return angles;
    }
}
