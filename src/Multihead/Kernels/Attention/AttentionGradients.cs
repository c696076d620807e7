namespace Multihead.Kernels.Attention;

/// <summary>Where the backward pass of attention reads the gradient of the output and writes those of query, key and value.
/// Layouts are those of the matrices they belong to in <see cref="AttentionProblem"/>. Only rows that lie in a span are
/// written; neither query rows nor key rows of different spans may overlap.</summary>
internal unsafe struct AttentionGradients
{
    public float* Output;
    public int OutputStride;
    public float* Query;
    public int QueryStride;
    public float* Key;
    public int KeyStride;
    public float* Value;
    public int ValueStride;

    /// <summary>False: the three gradients are overwritten; true: added to what stands there.</summary>
    public bool Accumulate;
}
