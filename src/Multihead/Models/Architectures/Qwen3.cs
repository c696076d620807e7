using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>Qwen3: Llama with norms on the heads of queries and keys. https://arxiv.org/abs/2505.09388.</summary>
internal sealed class Qwen3 : Llama
{
    public override DecoderOnlyArchitecture Kind => DecoderOnlyArchitecture.Qwen3;

    public override string ModelType => "qwen3";

    protected override string ClassName => "Qwen3ForCausalLM";

    public override DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source)
    {
        Refuse(keys.UseSlidingWindow == true, "use_sliding_window", source);
        return base.FromKeys(keys, source) with { NormalisesQueryAndKey = true, HeadDim = keys.HeadDim ?? 128 };
    }

    protected override HuggingFaceKeys Say(DecoderOnlyConfig config) => base.Say(config) with { UseSlidingWindow = false };
}
