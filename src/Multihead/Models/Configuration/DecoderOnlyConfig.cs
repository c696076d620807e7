namespace Multihead.Models.Configuration;

/// <summary>The decoder-only Transformer of GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"),
/// as numbers and kinds: learned positions, one table for embedding and output. Immutable.</summary>
internal sealed record DecoderOnlyConfig : ILayerConfig
{
    /// <summary>Tokens in the vocabulary: V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The width of embeddings and of every layer's output: d_model.</summary>
    public required int ModelDim { get; init; }

    /// <summary>Layers: N.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads of every layer: h. Divides <see cref="ModelDim"/>.</summary>
    public required int HeadCount { get; init; }

    /// <summary>The inner width of the feed-forward sublayer: d_ff; four times d_model in GPT-2.</summary>
    public required int FeedForwardDim { get; init; }

    /// <summary>The longest sequence in tokens: rows of the table of positions.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Before the sublayer, with one more norm behind the last layer, in GPT-2.</summary>
    public required NormPlacement NormPlacement { get; init; }

    /// <summary>The kind of norm.</summary>
    public required NormConfig Norm { get; init; }

    /// <summary>f in FFN(x) = f(x W1 + b1) W2 + b2.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Dropout on every sublayer's output and on the sum of embeddings and positions; below 1.</summary>
    public required float Dropout { get; init; }

    /// <summary>Dropout on the attention weights.</summary>
    public required float AttentionDropout { get; init; }

    /// <summary>Dropout behind f inside the feed-forward sublayer; GPT-2 has none.</summary>
    public required float ActivationDropout { get; init; }
}
