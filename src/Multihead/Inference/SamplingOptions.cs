using System.Globalization;
using System.Runtime.CompilerServices;

namespace Multihead.Inference;

/// <summary>How to draw the next token. The defaults draw from the model's own distribution; whatever else is set is applied
/// in the order in which it stands here: penalties, temperature, top-k, top-p, min-p, locally typical. Each sees the
/// distribution that those before it left, made to sum to 1 again.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides a positive logit, and multiplies a negative one, of every token that there has been; 1 turns it off, more
    /// discourages. From 0.01 to 100. CTRL, https://arxiv.org/abs/1909.05858, section 4.1; for negative logits as Hugging Face.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted from the logit of every token that there has been; from -2 to 2, 0 turns it off.
    /// https://platform.openai.com/docs/api-reference/chat/create.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Subtracted from a token's logit for each time that it has been; from -2 to 2, 0 turns it off. Same source.
    /// </summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Divides the logits: below 1 sharpens, above 1 flattens; from 0 to 100. 0 is greedy: the best token, the lower
    /// number of two as good, and nothing below matters.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only so many of the best tokens; 0 turns it off.</summary>
    public int TopK { get; init; }

    /// <summary>Only the fewest best tokens that hold so much of the probability: the nucleus. Above 0, at most 1, which turns it
    /// off. Holtzman et al. 2020, https://arxiv.org/abs/1904.09751.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Only tokens at least so probable as a part of the most probable one; from 0, which turns it off, to 1. Nguyen et
    /// al. 2024, https://arxiv.org/abs/2407.01082.</summary>
    public double MinP { get; init; }

    /// <summary>Only the fewest tokens that hold so much of the probability when taken by how near their information is to the
    /// entropy. Above 0, at most 1, which turns it off. Meister et al. 2022, https://arxiv.org/abs/2202.00666.</summary>
    public double TypicalP { get; init; } = 1;

    /// <summary>Names the random numbers: the same seed draws the same tokens, whatever else runs beside.</summary>
    public ulong Seed { get; init; }

    /// <exception cref="MultiheadException">A value cannot be meant.</exception>
    internal void Validate()
    {
        Check(RepetitionPenalty, RepetitionPenalty is >= 0.01 and <= 100, "from 0.01 to 100; 1 turns it off");
        Check(PresencePenalty, PresencePenalty is >= -2 and <= 2, "from -2 to 2; 0 turns it off");
        Check(FrequencyPenalty, FrequencyPenalty is >= -2 and <= 2, "from -2 to 2; 0 turns it off");
        Check(Temperature, Temperature is >= 0 and <= 100, "from 0 to 100; 0 is greedy");
        Check(TopK, TopK >= 0, "of 0 or more; 0 turns it off");
        Check(TopP, TopP is > 0 and <= 1, "above 0 and at most 1; 1 turns it off");
        Check(MinP, MinP is >= 0 and <= 1, "from 0 to 1; 0 turns it off");
        Check(TypicalP, TypicalP is > 0 and <= 1, "above 0 and at most 1; 1 turns it off");
    }

    private static void Check(double value, bool good, string range, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!good)
            throw new MultiheadException(string.Create(CultureInfo.InvariantCulture,
                $"{name} was set to {value}; give a number {range}."));
    }
}
