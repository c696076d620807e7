using System.Text.Json.Serialization;
using Multihead.Models.Formats;

namespace Multihead.Models.Configuration;

/// <summary>The function between the two products of the feed-forward layer.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Activation>))]
public enum Activation
{
    /// <summary>max(0, x), as in "Attention Is All You Need", equation 2, https://arxiv.org/abs/1706.03762.</summary>
    Relu,

    /// <summary>x * Phi(x) with the normal distribution's Phi by the error function, not the tanh approximation
    /// (https://arxiv.org/abs/1606.08415).</summary>
    Gelu,

    /// <summary>x * sigmoid(x), also named swish (https://arxiv.org/abs/1710.05941).</summary>
    Silu,

    /// <summary>The tanh approximation of <see cref="Gelu"/>, which GPT-2 and Gemma were trained with.</summary>
    GeluTanh,
}
