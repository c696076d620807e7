using System.Text.Json.Serialization;
using Multihead.Models.Formats;

namespace Multihead.Models.Configuration;

/// <summary>Where a layer normalises, with x its input and F the attention or feed-forward inside the residual.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<NormPlacement>))]
public enum NormPlacement
{
    /// <summary>Norm(x + F(x)), as in "Attention Is All You Need", section 3.1, https://arxiv.org/abs/1706.03762.</summary>
    Post,

    /// <summary>x + F(Norm(x)), with one more norm after the last layer of encoder and decoder; learns stably at higher rates
    /// (Xiong et al. 2020, https://arxiv.org/abs/2002.04745).</summary>
    Pre,

    /// <summary>x + Norm(F(Norm(x))): what a sublayer adds is normalised too, as in Gemma 2 (https://arxiv.org/abs/2408.00118);
    /// with one more norm after the last layer.</summary>
    Sandwich,
}
