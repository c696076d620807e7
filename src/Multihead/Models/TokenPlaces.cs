using Multihead.Kernels.Attention;
using Multihead.Tensors;

namespace Multihead.Models;

/// <summary>Where the tokens of a batch stand: what each may attend to, and the angles of its position where the model turns
/// queries and keys.</summary>
/// <param name="spans">Which rows attend to which.</param>
/// <param name="angles">[tokens, 2 * pairs]: cosines, then sines; nothing where nothing is turned.</param>
internal readonly unsafe ref struct TokenPlaces(ReadOnlySpan<AttentionSpan> spans, Tensor angles)
{
    public readonly ReadOnlySpan<AttentionSpan> Spans = spans;
    public readonly Tensor Angles = angles;

    public bool HasAngles => Angles.Data != null;
}
