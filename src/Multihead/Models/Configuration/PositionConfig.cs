using System.Text.Json.Serialization;

namespace Multihead.Models.Configuration;

/// <summary>How a model knows the order of its tokens.</summary>
/// <param name="MaxLength">The longest sequence in tokens that the model takes.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SinusoidalPositionsConfig), "sinusoidal")]
[JsonDerivedType(typeof(LearnedPositionsConfig), "learned")]
[JsonDerivedType(typeof(RotaryPositionsConfig), "rotary")]
public abstract record PositionConfig(int MaxLength);

/// <summary>Adds PE(pos, i) = sin(pos / 10000^(2i/d)) and PE(pos, d/2 + i) = cos(pos / 10000^(2i/d)) to the embeddings, i below
/// d/2 ("Attention Is All You Need", section 3.5, https://arxiv.org/abs/1706.03762). Differs: the paper interleaves sines and
/// cosines; here the sines come first, as in tensor2tensor and Hugging Face's Marian.</summary>
/// <param name="MaxLength">The longest sequence in tokens that the model takes.</param>
public sealed record SinusoidalPositionsConfig(int MaxLength) : PositionConfig(MaxLength);

/// <summary>Adds a learned vector for each position to the embeddings (Gehring et al. 2017, https://arxiv.org/abs/1705.03122), as
/// GPT-2 and BERT do.</summary>
/// <param name="MaxLength">The longest sequence in tokens: rows of the table.</param>
public sealed record LearnedPositionsConfig(int MaxLength) : PositionConfig(MaxLength);

/// <summary>Turns pairs of elements of queries and keys by position * Theta^(-2i/headDim) (RoFormer,
/// https://arxiv.org/abs/2104.09864), so that logits depend on distances.</summary>
/// <param name="MaxLength">The longest sequence in tokens that the model was made for.</param>
/// <param name="Theta">The base; 10,000 in the paper, larger for longer contexts.</param>
public sealed record RotaryPositionsConfig(int MaxLength, double Theta = 10_000) : PositionConfig(MaxLength);
