using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>GPT-2: learned positions, layer norm before the sublayers, GELU, biases everywhere. Radford et al., 2019, "Language
/// Models are Unsupervised Multitask Learners".</summary>
internal sealed class Gpt2 : Architecture
{
    public override DecoderOnlyArchitecture Kind => DecoderOnlyArchitecture.Gpt2;

    public override string ModelType => "gpt2";

    protected override string ClassName => "GPT2LMHeadModel";

    public override DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source)
    {
        Refuse(keys.ScaleAttnWeights == false, "scale_attn_weights", source);
        Refuse(keys.ScaleAttnByInverseLayerIdx == true, "scale_attn_by_inverse_layer_idx", source);
        Refuse(keys.AddCrossAttention == true, "add_cross_attention", source);
        var dim = Required(keys.NEmbd, "n_embd", source);
        var heads = Required(keys.NHead, "n_head", source);
        return new DecoderOnlyConfig
        {
            Architecture = Kind,
            VocabularySize = keys.VocabSize,
            ModelDim = dim,
            LayerCount = Required(keys.NLayer, "n_layer", source),
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadDim = heads > 0 ? dim / heads : 0,
            FeedForwardDim = keys.NInner ?? 4 * dim,
            Positions = new LearnedPositionsConfig(keys.NPositions ?? 1024),
            NormPlacement = NormPlacement.Pre,
            Norm = new LayerNormConfig(keys.LayerNormEpsilon ?? LayerNormConfig.DefaultEpsilon),
            Activation = ActivationOf(keys.ActivationFunction ?? "gelu_new", "activation_function", source),
            GatedFeedForward = false,
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            TieEmbeddings = keys.TieWordEmbeddings ?? true,
            Dropout = keys.ResidPdrop ?? 0.1f,
            AttentionDropout = keys.AttnPdrop ?? 0.1f,
            BeginOfTextId = keys.BosTokenId,
            EndOfTextIds = EndsOf(keys, source),
        };
    }

    protected override HuggingFaceKeys Say(DecoderOnlyConfig config) => new()
    {
        ModelType = ModelType,
        VocabSize = config.VocabularySize,
        NEmbd = config.ModelDim,
        NLayer = config.LayerCount,
        NHead = config.HeadCount,
        NInner = config.FeedForwardDim,
        NPositions = config.Positions.MaxLength,
        ActivationFunction = config.Activation == Activation.GeluTanh ? "gelu_new" : NameOf(config.Activation),
        LayerNormEpsilon = config.Norm.Epsilon,
        AttnPdrop = config.AttentionDropout,
        EmbdPdrop = config.Dropout,
        ResidPdrop = config.Dropout,
    };
}
