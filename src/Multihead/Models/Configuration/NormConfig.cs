using System.Text.Json.Serialization;

namespace Multihead.Models.Configuration;

/// <summary>How a row of activations is normalised.</summary>
/// <param name="Epsilon">Added to the variance, or mean square, before the root; above 0, at most 0.1.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LayerNormConfig), "layerNorm")]
[JsonDerivedType(typeof(RmsNormConfig), "rmsNorm")]
public abstract record NormConfig(float Epsilon);

/// <summary>(x - mean) / sqrt(variance + epsilon) * gain + bias over a row (Ba et al. 2016,
/// https://arxiv.org/abs/1607.06450).</summary>
/// <param name="Epsilon">Added to the variance; 1e-5 unless said, as in PyTorch and Marian's models at Hugging Face.</param>
public sealed record LayerNormConfig(float Epsilon = LayerNormConfig.DefaultEpsilon) : NormConfig(Epsilon)
{
    internal const float DefaultEpsilon = 1e-5f;
}

/// <summary>x / sqrt(mean(x^2) + epsilon) * gain over a row (Zhang and Sennrich 2019,
/// https://arxiv.org/abs/1910.07467).</summary>
/// <param name="Epsilon">Added to the mean square; 1e-6 unless said.</param>
public sealed record RmsNormConfig(float Epsilon = 1e-6f) : NormConfig(Epsilon)
{
    /// <summary>Whether files have the gain less one, as Gemma's.</summary>
    internal bool StoredLessOne { get; init; }
}
