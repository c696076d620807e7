using System.Text.Json.Serialization;

namespace Multihead.Models.Configuration;

/// <summary>How a model knows the order of its tokens.</summary>
/// <param name="MaxLength">The longest sequence in tokens that the model takes.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SinusoidalPositionsConfig), "sinusoidal")]
public abstract record PositionConfig(int MaxLength);

/// <summary>Adds PE(pos, i) = sin(pos / 10000^(2i/d)) and PE(pos, d/2 + i) = cos(pos / 10000^(2i/d)) to the embeddings, i below
/// d/2 ("Attention Is All You Need", section 3.5, https://arxiv.org/abs/1706.03762). Differs: the paper interleaves sines and
/// cosines; here the sines come first, as in tensor2tensor and Hugging Face's Marian.</summary>
/// <param name="MaxLength">The longest sequence in tokens that the model takes.</param>
public sealed record SinusoidalPositionsConfig(int MaxLength) : PositionConfig(MaxLength);
