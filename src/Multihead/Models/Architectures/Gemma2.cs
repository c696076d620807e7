using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>Gemma 2: Gemma with a norm behind each sublayer too, soft caps on logits, and a window in every other layer.
/// https://arxiv.org/abs/2408.00118.</summary>
internal sealed class Gemma2 : Gemma
{
    public override DecoderOnlyArchitecture Kind => DecoderOnlyArchitecture.Gemma2;

    public override string ModelType => "gemma2";

    protected override string ClassName => "Gemma2ForCausalLM";

    public override DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source) => base.FromKeys(keys, source) with
    {
        NormPlacement = NormPlacement.Sandwich,
        Window = keys.SlidingWindow ?? 4096,
        WholeLayerEvery = 2,
        QueryScaleDim = keys.QueryPreAttnScalar ?? 256,
        AttentionLogitCap = keys.AttnLogitSoftcapping ?? 0,
        OutputLogitCap = keys.FinalLogitSoftcapping ?? 0,
    };

    protected override HuggingFaceKeys Say(DecoderOnlyConfig config) => base.Say(config) with
    {
        SlidingWindow = config.Window,
        QueryPreAttnScalar = config.QueryScaleDim,
        AttnLogitSoftcapping = config.AttentionLogitCap,
        FinalLogitSoftcapping = config.OutputLogitCap,
    };
}
