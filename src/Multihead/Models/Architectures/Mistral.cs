using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>Mistral: Llama whose queries see a window of the last tokens. https://arxiv.org/abs/2310.06825.</summary>
internal sealed class Mistral : Llama
{
    public override DecoderOnlyArchitecture Kind => DecoderOnlyArchitecture.Mistral;

    public override string ModelType => "mistral";

    protected override string ClassName => "MistralForCausalLM";

    public override DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source) =>
        base.FromKeys(keys, source) with { Window = keys.SlidingWindow ?? 0 };

    protected override HuggingFaceKeys Say(DecoderOnlyConfig config) =>
        base.Say(config) with { SlidingWindow = config.Window > 0 ? config.Window : null };
}
