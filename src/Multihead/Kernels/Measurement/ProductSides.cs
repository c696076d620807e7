namespace Multihead.Kernels.Measurement;

/// <summary>Which side of a product is the transpose of what stands in memory.</summary>
internal enum ProductSides
{
    /// <summary>Neither: A B, as dX = dY W.</summary>
    Plain,

    /// <summary>B: a layer's forward pass X W^T.</summary>
    RightTransposed,

    /// <summary>A: a weight's gradient dY^T X, whose depth is the tokens.</summary>
    LeftTransposed,
}
