using Multihead.Tensors.Operations;

namespace Multihead.Models.Configuration;

/// <summary>A decoder-only Transformer as numbers and kinds. Immutable. The first of them was that of Liu et al., 2018,
/// https://arxiv.org/abs/1801.10198.</summary>
public sealed record DecoderOnlyConfig : ILayerConfig
{
    /// <summary>Under which names, and in which forms, files have its weights.</summary>
    public required DecoderOnlyArchitecture Architecture { get; init; }

    /// <summary>Tokens in the vocabulary: V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The width of embeddings and of every layer's output: d_model.</summary>
    public required int ModelDim { get; init; }

    /// <summary>Layers: N.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads of every layer: h.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Heads of keys and values, which groups of query heads share: a divisor of <see cref="HeadCount"/> (grouped-query
    /// attention, https://arxiv.org/abs/2305.13245); 1 is multi-query attention.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>The width of a head: d_k.</summary>
    public required int HeadDim { get; init; }

    /// <summary>The inner width of the feed-forward sublayer: d_ff.</summary>
    public required int FeedForwardDim { get; init; }

    /// <summary>How it knows the order of tokens, and the longest sequence.</summary>
    public required PositionConfig Positions { get; init; }

    /// <summary>Where a layer normalises.</summary>
    public required NormPlacement NormPlacement { get; init; }

    /// <summary>The kind of norm.</summary>
    public required NormConfig Norm { get; init; }

    /// <summary>f of the feed-forward sublayer.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Whether the feed-forward sublayer is (f(x Wg) * x Wu) Wd without biases, rather than f(x W1 + b1) W2 + b2.</summary>
    public required bool GatedFeedForward { get; init; }

    /// <summary>Whether the products that make queries, keys and values have a bias.</summary>
    public required bool QueryKeyValueBias { get; init; }

    /// <summary>Whether the product behind attention has a bias.</summary>
    public required bool AttentionOutputBias { get; init; }

    /// <summary>Whether one table serves as embedding and as output.</summary>
    public required bool TieEmbeddings { get; init; }

    /// <summary>Whether queries and keys are normalised head by head before their positions turn them.</summary>
    public bool NormalisesQueryAndKey { get; init; }

    /// <summary>Whether embeddings are multiplied by sqrt(d_model).</summary>
    public bool ScaleEmbeddings { get; init; }

    /// <summary>How many tokens a query sees at most, its own and those just before (sliding window, Mistral,
    /// https://arxiv.org/abs/2310.06825); 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>With a window, every so many layers one sees all: 2 in Gemma 2; 0 for none.</summary>
    public int WholeLayerEvery { get; init; }

    /// <summary>The width whose inverse root scales logits, where it isn't d_k: Gemma 2's query_pre_attn_scalar; 0 where it
    /// is.</summary>
    public float QueryScaleDim { get; init; }

    /// <summary>Attention logits are softly kept between minus this and this; 0 where they are not.</summary>
    public float AttentionLogitCap { get; init; }

    /// <summary>Output logits are softly kept between minus this and this; 0 where they are not.</summary>
    public float OutputLogitCap { get; init; }

    /// <summary>Dropout on every sublayer's output and on the embeddings; below 1.</summary>
    public float Dropout { get; init; }

    /// <summary>Dropout on the attention weights.</summary>
    public float AttentionDropout { get; init; }

    /// <summary>Dropout inside the feed-forward sublayer.</summary>
    public float ActivationDropout { get; init; }

    /// <summary>The token that begins a text, or none.</summary>
    public int? BeginOfTextId { get; init; }

    /// <summary>The tokens that end a text; the first is the one that learning writes.</summary>
    public IReadOnlyList<int> EndOfTextIds { get; init; } = [];

    /// <summary>Whether both are equal, lists compared by what they hold.</summary>
    internal bool SaysTheSameAs(DecoderOnlyConfig other) =>
        EndOfTextIds.SequenceEqual(other.EndOfTextIds) && this == other with { EndOfTextIds = EndOfTextIds };

    /// <summary>The shape of a layer's attention.</summary>
    internal AttentionShape AttentionOf(int layer)
    {
        var whole = WholeLayerEvery > 0 && (layer + 1) % WholeLayerEvery == 0;
        var shape = ((ILayerConfig)this).Attention(causal: true) with { Window = whole ? 0 : Window, LogitCap = AttentionLogitCap };
        return QueryScaleDim > 0 ? shape with { Scale = 1 / MathF.Sqrt(QueryScaleDim) } : shape;
    }
}

/// <summary>Whose names and forms a decoder-only model's files have.</summary>
public enum DecoderOnlyArchitecture
{
    /// <summary>GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners").</summary>
    Gpt2,

    /// <summary>Llama (https://arxiv.org/abs/2302.13971, https://arxiv.org/abs/2407.21783).</summary>
    Llama,

    /// <summary>Mistral (https://arxiv.org/abs/2310.06825).</summary>
    Mistral,

    /// <summary>Qwen2 (https://arxiv.org/abs/2407.10671).</summary>
    Qwen2,

    /// <summary>Qwen3 (https://arxiv.org/abs/2505.09388).</summary>
    Qwen3,

    /// <summary>Gemma (https://arxiv.org/abs/2403.08295).</summary>
    Gemma,

    /// <summary>Gemma 2 (https://arxiv.org/abs/2408.00118).</summary>
    Gemma2,
}
