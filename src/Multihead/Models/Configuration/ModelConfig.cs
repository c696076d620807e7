using System.Text.Json.Serialization;

namespace Multihead.Models.Configuration;

/// <summary>The encoder-decoder Transformer of "Attention Is All You Need" (Vaswani et al. 2017,
/// https://arxiv.org/abs/1706.03762) and its near relatives, as numbers and kinds. Immutable.</summary>
public sealed record ModelConfig : ILayerConfig
{
    /// <summary>Tokens in the vocabulary, which source and target share: V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The width of embeddings and of every layer's output: d_model.</summary>
    public required int ModelDim { get; init; }

    /// <summary>Layers of the encoder: N.</summary>
    public required int EncoderLayerCount { get; init; }

    /// <summary>Layers of the decoder: N.</summary>
    public required int DecoderLayerCount { get; init; }

    /// <summary>Attention heads of every layer: h. Divides <see cref="ModelDim"/>.</summary>
    public required int HeadCount { get; init; }

    /// <summary>The width of one head: d_k = d_v = d_model / h (section 3.2.2).</summary>
    [JsonIgnore]
    public int HeadDim => ModelDim / HeadCount;

    /// <summary>The inner width of FFN(x) = f(x W1 + b1) W2 + b2: d_ff (section 3.3).</summary>
    public required int FeedForwardDim { get; init; }

    /// <summary>Norms after the residual sum, as in the paper, or before the layer.</summary>
    public required NormPlacement NormPlacement { get; init; }

    /// <summary>The kind of norm.</summary>
    public required NormConfig Norm { get; init; }

    /// <summary>f in FFN(x) = f(x W1 + b1) W2 + b2.</summary>
    public required Activation Activation { get; init; }

    /// <summary>How the order of tokens is told.</summary>
    public required PositionConfig Positions { get; init; }

    /// <summary>One matrix for source and target embeddings and the output product (section 3.4), or one for each.</summary>
    public required bool TieEmbeddings { get; init; }

    /// <summary>Embeddings are multiplied by sqrt(d_model) (section 3.4).</summary>
    public required bool ScaleEmbeddings { get; init; }

    /// <summary>P_drop on every sub-layer's output and on the sum of embeddings and positions (section 5.4); below 1.</summary>
    public required float Dropout { get; init; }

    /// <summary>Dropout on the attention weights softmax(Q K^T / sqrt(d_k)); 0 in the paper.</summary>
    public required float AttentionDropout { get; init; }

    /// <summary>Dropout behind f inside the feed-forward layer; 0 in the paper.</summary>
    public required float ActivationDropout { get; init; }

    /// <summary>The token that ends every source and every target.</summary>
    public required int EndOfSentenceId { get; init; }

    /// <summary>The token that fills short rows of a batch; attention never sees it.</summary>
    public required int PaddingId { get; init; }

    /// <summary>The token that the decoder starts from; Marian's models start from <see cref="PaddingId"/>.</summary>
    public required int DecoderStartId { get; init; }

    /// <summary>Checks that the numbers make a model, and one that a machine can hold.</summary>
    /// <exception cref="MultiheadException">The first fault, in one sentence.</exception>
    internal void Validate()
    {
        if (ModelConfigFaults.First(this) is { } fault) throw new MultiheadException($"The model's configuration: {fault}");
    }
}
