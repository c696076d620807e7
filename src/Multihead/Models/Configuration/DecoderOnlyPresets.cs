namespace Multihead.Models.Configuration;

/// <summary>Decoder-only configurations by name.</summary>
internal static class DecoderOnlyPresets
{
    /// <summary>The names that <see cref="Get"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["gpt2-tiny", "gpt2", "llama-tiny", "llama-15m", "llama-110m", "llama-853m", "mistral-tiny", "qwen2-tiny", "qwen3-tiny",
            "gemma-tiny", "gemma2-tiny"];

    /// <summary>The configuration of that name. gpt2 is the smallest GPT-2; llama-15m and llama-110m have the sizes of llama2.c's
    /// stories; those called tiny are for tests.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="vocabularySize">Tokens in the vocabulary, of which none begins or ends a text yet; null for the preset's own.
    /// </param>
    /// <exception cref="MultiheadException">No such name; the nearest is told.</exception>
    public static DecoderOnlyConfig Get(string name, int? vocabularySize = null)
    {
        var config = name switch
        {
            "gpt2-tiny" => Gpt2(512, dim: 64, layers: 2, heads: 4, maxLength: 256),
            "gpt2" => Gpt2(50_257, dim: 768, layers: 12, heads: 12, maxLength: 1024),
            "llama-tiny" => Llama(512, dim: 64, layers: 2, heads: 4, keyValueHeads: 2, feedForwardDim: 172, maxLength: 256),
            "llama-15m" => Llama(32_000, dim: 288, layers: 6, heads: 6, keyValueHeads: 6, feedForwardDim: 768, maxLength: 256)
                with
            { TieEmbeddings = true },
            "llama-110m" => Llama(32_000, dim: 768, layers: 12, heads: 12, keyValueHeads: 12, feedForwardDim: 2048, maxLength: 1024)
                with
            { TieEmbeddings = true },
            "llama-853m" => Llama(32_000, dim: 2048, layers: 16, heads: 32, keyValueHeads: 8, feedForwardDim: 5632, maxLength: 32_768),
            "mistral-tiny" => Tiny(DecoderOnlyArchitecture.Mistral) with { Window = 32 },
            "qwen2-tiny" => Tiny(DecoderOnlyArchitecture.Qwen2) with { QueryKeyValueBias = true, TieEmbeddings = true },
            "qwen3-tiny" => Tiny(DecoderOnlyArchitecture.Qwen3) with { NormalisesQueryAndKey = true, TieEmbeddings = true },
            "gemma-tiny" => Gemma(DecoderOnlyArchitecture.Gemma),
            "gemma2-tiny" => Gemma(DecoderOnlyArchitecture.Gemma2) with
            {
                NormPlacement = NormPlacement.Sandwich,
                Window = 32,
                WholeLayerEvery = 2,
                QueryScaleDim = 24,
                AttentionLogitCap = 50,
                OutputLogitCap = 30,
            },
            _ => throw new MultiheadException($"There is no preset {Shown.Name(name)}; the nearest is "
                + $"'{NearestName.Of(name, Names)}', and all are {string.Join(", ", Names)}."),
        };
        return vocabularySize is { } size
            ? config with { VocabularySize = size, BeginOfTextId = null, EndOfTextIds = [] }
            : config;
    }

    /// <summary>The smallest GPT-2: d_model 768, 12 layers, 12 heads, d_ff 3072, 1,024 positions, dropout 0.1. Differs: exact GELU,
    /// where GPT-2 has the tanh approximation.</summary>
    public static DecoderOnlyConfig GptSmall(int vocabularySize) =>
        Get("gpt2", vocabularySize) with { Activation = Activation.Gelu, Dropout = 0.1f, AttentionDropout = 0.1f };

    private static DecoderOnlyConfig Gpt2(int vocabularySize, int dim, int layers, int heads, int maxLength) => new()
    {
        Architecture = DecoderOnlyArchitecture.Gpt2,
        VocabularySize = vocabularySize,
        ModelDim = dim,
        LayerCount = layers,
        HeadCount = heads,
        KeyValueHeadCount = heads,
        HeadDim = dim / heads,
        FeedForwardDim = 4 * dim,
        Positions = new LearnedPositionsConfig(maxLength),
        NormPlacement = NormPlacement.Pre,
        Norm = new LayerNormConfig(),
        Activation = Activation.GeluTanh,
        GatedFeedForward = false,
        QueryKeyValueBias = true,
        AttentionOutputBias = true,
        TieEmbeddings = true,
        BeginOfTextId = vocabularySize - 1,
        EndOfTextIds = [vocabularySize - 1],
    };

    private static DecoderOnlyConfig Llama(int vocabularySize, int dim, int layers, int heads, int keyValueHeads, int feedForwardDim,
        int maxLength) => new()
        {
            Architecture = DecoderOnlyArchitecture.Llama,
            VocabularySize = vocabularySize,
            ModelDim = dim,
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = keyValueHeads,
            HeadDim = dim / heads,
            FeedForwardDim = feedForwardDim,
            Positions = new RotaryPositionsConfig(maxLength),
            NormPlacement = NormPlacement.Pre,
            Norm = new RmsNormConfig(1e-5f),
            Activation = Activation.Silu,
            GatedFeedForward = true,
            QueryKeyValueBias = false,
            AttentionOutputBias = false,
            TieEmbeddings = false,
            BeginOfTextId = 1,
            EndOfTextIds = [2],
        };

    private static DecoderOnlyConfig Tiny(DecoderOnlyArchitecture architecture) => Get("llama-tiny") with
    {
        Architecture = architecture,
        HeadDim = 24, // not d_model / h
        Norm = new RmsNormConfig(),
    };

    private static DecoderOnlyConfig Gemma(DecoderOnlyArchitecture architecture) => Tiny(architecture) with
    {
        Norm = new RmsNormConfig { StoredLessOne = true },
        Activation = Activation.GeluTanh,
        TieEmbeddings = true,
        ScaleEmbeddings = true,
    };
}
