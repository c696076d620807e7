using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>Llama: rotary positions, RMS norm before the sublayers, grouped-query attention, SwiGLU, no biases.
/// https://arxiv.org/abs/2302.13971, https://arxiv.org/abs/2307.09288.</summary>
internal class Llama : Architecture
{
    public override DecoderOnlyArchitecture Kind => DecoderOnlyArchitecture.Llama;

    public override string ModelType => "llama";

    protected override string ClassName => "LlamaForCausalLM";

    /// <summary>What the norm adds where the file does not say it.</summary>
    protected virtual float DefaultEpsilon => 1e-6f;

    public override DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source)
    {
        Refuse(keys.MlpBias == true, "mlp_bias", source);
        Refuse(Stretches(keys.RopeScaling) || Stretches(keys.RopeParameters), "rope_scaling", source);
        var dim = Required(keys.HiddenSize, "hidden_size", source);
        var heads = Required(keys.NumAttentionHeads, "num_attention_heads", source);
        var theta = keys.RopeTheta ?? keys.RopeParameters?.RopeTheta ?? 10_000;
        return new DecoderOnlyConfig
        {
            Architecture = Kind,
            VocabularySize = keys.VocabSize,
            ModelDim = dim,
            LayerCount = Required(keys.NumHiddenLayers, "num_hidden_layers", source),
            HeadCount = heads,
            KeyValueHeadCount = keys.NumKeyValueHeads ?? heads,
            HeadDim = keys.HeadDim ?? (heads > 0 ? dim / heads : 0),
            FeedForwardDim = Required(keys.IntermediateSize, "intermediate_size", source),
            Positions = new RotaryPositionsConfig(keys.MaxPositionEmbeddings ?? 2048, theta),
            NormPlacement = NormPlacement.Pre,
            Norm = new RmsNormConfig(keys.RmsNormEps ?? DefaultEpsilon),
            Activation = ActivationOf(keys.HiddenAct ?? "silu", "hidden_act", source),
            GatedFeedForward = true,
            QueryKeyValueBias = keys.AttentionBias ?? false,
            AttentionOutputBias = keys.AttentionBias ?? false,
            TieEmbeddings = keys.TieWordEmbeddings ?? false,
            AttentionDropout = keys.AttentionDropout ?? 0,
            BeginOfTextId = keys.BosTokenId,
            EndOfTextIds = EndsOf(keys, source),
        };
    }

    protected override HuggingFaceKeys Say(DecoderOnlyConfig config) => new()
    {
        ModelType = ModelType,
        VocabSize = config.VocabularySize,
        HiddenSize = config.ModelDim,
        IntermediateSize = config.FeedForwardDim,
        NumHiddenLayers = config.LayerCount,
        NumAttentionHeads = config.HeadCount,
        NumKeyValueHeads = config.KeyValueHeadCount,
        HeadDim = config.HeadDim,
        HiddenAct = NameOf(config.Activation),
        MaxPositionEmbeddings = config.Positions.MaxLength,
        RmsNormEps = config.Norm.Epsilon,
        RopeTheta = (config.Positions as RotaryPositionsConfig)?.Theta,
        AttentionBias = config.QueryKeyValueBias,
        MlpBias = false,
        AttentionDropout = config.AttentionDropout,
    };

    private static bool Stretches(RotaryKeys? keys) => keys is not null && (keys.RopeType ?? keys.Type ?? "default") != "default";
}
