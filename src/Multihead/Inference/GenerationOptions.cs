namespace Multihead.Inference;

/// <summary>How to go on with a text.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens to write.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>How the next token is drawn; greedy where it is null: always the most probable.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>Texts that end what is written; they are not part of it.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>Whether to write on where the model would end its text.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>What to do where prompt and text together grow longer than the model reads.</summary>
    public LongContext LongContext { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value cannot be meant.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxTokens);
        if (StopTexts.Any(string.IsNullOrEmpty))
            throw new ArgumentOutOfRangeException(nameof(StopTexts), "an empty text would end everything");
        Sampling?.Validate();
    }
}

/// <summary>What to do where a context grows longer than the model reads.</summary>
public enum LongContext
{
    /// <summary>A longer prompt is an error; writing ends where the context is full.</summary>
    Refuse,

    /// <summary>The beginning of a longer prompt is cut off; writing ends where the context is full.</summary>
    Cut,

    /// <summary>As cut, and where the context is full its older half is forgotten and the rest is read anew.</summary>
    Slide,
}

/// <summary>Why writing ended.</summary>
public enum EndReason
{
    /// <summary>The model ended its text.</summary>
    EndOfText,

    /// <summary>A stop text was written.</summary>
    StopText,

    /// <summary>The most tokens that were asked for are written.</summary>
    MaxTokens,

    /// <summary>The context is full.</summary>
    ContextIsFull,
}

/// <summary>What was written.</summary>
/// <param name="Text">Without the prompt.</param>
/// <param name="Tokens">Its tokens, the end mark included where the model wrote one.</param>
/// <param name="LogProbabilities">Of each token, in nats, under the model as it is: before temperature and the like.</param>
/// <param name="Reason">Why it ended.</param>
public sealed record Generation(string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbabilities, EndReason Reason);
