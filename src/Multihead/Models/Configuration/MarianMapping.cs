namespace Multihead.Models.Configuration;

/// <summary>Says a <see cref="ModelConfig"/> in Marian's keys, and back. What a foreign file leaves out has the value that
/// Hugging Face's MarianConfig gives it.</summary>
internal static class MarianMapping
{
    /// <summary>The value of <c>model_type</c>.</summary>
    public const string ModelType = "marian";

    private const int DefaultLength = 1024;
    private const int DefaultPadding = 58100;

    /// <summary>Whether Marian's model computes what <paramref name="config"/> says: it has no key for the norm's place, kind and
    /// epsilon, and no positions but sinusoids.</summary>
    public static bool CanSay(ModelConfig config) =>
        config is { NormPlacement: NormPlacement.Post, Norm: LayerNormConfig { Epsilon: LayerNormConfig.DefaultEpsilon } }
        && config.Positions is SinusoidalPositionsConfig;

    /// <summary>In Marian's keys; <see cref="CanSay"/> holds.</summary>
    public static MarianConfig ToMarian(ModelConfig config) => new()
    {
        ModelType = ModelType,
        Architectures = ["MarianMTModel"],
        FormatVersion = ModelConfigJson.FormatVersion,
        VocabSize = config.VocabularySize,
        DModel = config.ModelDim,
        EncoderLayers = config.EncoderLayerCount,
        DecoderLayers = config.DecoderLayerCount,
        NumHiddenLayers = config.EncoderLayerCount,
        EncoderAttentionHeads = config.HeadCount,
        DecoderAttentionHeads = config.HeadCount,
        EncoderFfnDim = config.FeedForwardDim,
        DecoderFfnDim = config.FeedForwardDim,
        ActivationFunction = config.Activation switch
        {
            Activation.Relu => "relu",
            Activation.Gelu => "gelu",
            Activation.GeluTanh => "gelu_new",
            Activation.Silu => "swish",
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        },
        MaxPositionEmbeddings = config.Positions.MaxLength,
        StaticPositionEmbeddings = true,
        ScaleEmbedding = config.ScaleEmbeddings,
        ShareEncoderDecoderEmbeddings = config.TieEmbeddings,
        TieWordEmbeddings = config.TieEmbeddings,
        NormalizeBefore = false,
        NormalizeEmbedding = false,
        AddFinalLayerNorm = false,
        IsEncoderDecoder = true,
        Dropout = config.Dropout,
        AttentionDropout = config.AttentionDropout,
        ActivationDropout = config.ActivationDropout,
        EosTokenId = config.EndOfSentenceId,
        ForcedEosTokenId = config.EndOfSentenceId,
        PadTokenId = config.PaddingId,
        DecoderStartTokenId = config.DecoderStartId,
    };

    /// <summary>From Marian's keys.</summary>
    /// <param name="marian">As read.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="MultiheadException">The file says a model that computes something else.</exception>
    public static ModelConfig FromMarian(MarianConfig marian, string source)
    {
        if (FirstDifference(marian) is { } difference)
            throw new MultiheadException($"'{source}': {difference}, and such a Marian model is not supported; use one that is "
                + "post-norm with sinusoidal positions and the same sizes in encoder and decoder.");
        return new ModelConfig
        {
            VocabularySize = marian.VocabSize,
            ModelDim = marian.DModel,
            EncoderLayerCount = marian.EncoderLayers,
            DecoderLayerCount = marian.DecoderLayers,
            HeadCount = marian.EncoderAttentionHeads,
            FeedForwardDim = marian.EncoderFfnDim,
            NormPlacement = NormPlacement.Post,
            Norm = new LayerNormConfig(),
            Activation = ActivationOf(marian.ActivationFunction ?? "gelu", source),
            Positions = new SinusoidalPositionsConfig(marian.MaxPositionEmbeddings ?? DefaultLength),
            TieEmbeddings = marian.ShareEncoderDecoderEmbeddings ?? true,
            ScaleEmbeddings = marian.ScaleEmbedding ?? false,
            Dropout = marian.Dropout ?? 0.1f,
            AttentionDropout = marian.AttentionDropout ?? 0,
            ActivationDropout = marian.ActivationDropout ?? 0,
            EndOfSentenceId = marian.EosTokenId ?? 0,
            PaddingId = marian.PadTokenId ?? DefaultPadding,
            DecoderStartId = marian.DecoderStartTokenId ?? DefaultPadding,
        };
    }

    private static string? FirstDifference(MarianConfig marian) =>
        Flag("normalize_before", marian.NormalizeBefore, false)
        ?? Flag("normalize_embedding", marian.NormalizeEmbedding, false)
        ?? Flag("add_final_layer_norm", marian.AddFinalLayerNorm, false)
        ?? Flag("static_position_embeddings", marian.StaticPositionEmbeddings, true)
        ?? Flag("is_encoder_decoder", marian.IsEncoderDecoder, true)
        ?? Twins("encoder_attention_heads", marian.EncoderAttentionHeads, "decoder_attention_heads", marian.DecoderAttentionHeads)
        ?? Twins("encoder_ffn_dim", marian.EncoderFfnDim, "decoder_ffn_dim", marian.DecoderFfnDim)
        ?? Twins("vocab_size", marian.VocabSize, "decoder_vocab_size", marian.DecoderVocabSize ?? marian.VocabSize)
        ?? Twins("share_encoder_decoder_embeddings", marian.ShareEncoderDecoderEmbeddings ?? true,
            "tie_word_embeddings", marian.TieWordEmbeddings ?? true);

    private static string? Flag(string key, bool? given, bool supported) =>
        (given ?? supported) == supported ? null : $"{key} is {Text(!supported)}";

    private static string? Twins(string key, int value, string otherKey, int otherValue) =>
        value == otherValue ? null : $"{key} is {value} but {otherKey} is {otherValue}";

    private static string? Twins(string key, bool value, string otherKey, bool otherValue) =>
        value == otherValue ? null : $"{key} is {Text(value)} but {otherKey} is {Text(otherValue)}";

    private static string Text(bool value) => value ? "true" : "false";

    private static Activation ActivationOf(string name, string source) => name switch
    {
        "relu" => Activation.Relu,
        "gelu" => Activation.Gelu,
        "gelu_new" => Activation.GeluTanh,
        "silu" or "swish" => Activation.Silu,
        _ => throw new MultiheadException($"'{source}': activation_function is {Shown.Name(name)}, and only relu, gelu, "
            + $"gelu_new, silu and swish are supported (the nearest is "
            + $"'{NearestName.Of(name, ["relu", "gelu", "gelu_new", "silu", "swish"])}')."),
    };
}
