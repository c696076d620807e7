using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>Qwen2: Llama with biases on queries, keys and values. https://arxiv.org/abs/2407.10671.</summary>
internal sealed class Qwen2 : Llama
{
    public override DecoderOnlyArchitecture Kind => DecoderOnlyArchitecture.Qwen2;

    public override string ModelType => "qwen2";

    protected override string ClassName => "Qwen2ForCausalLM";

    public override DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source)
    {
        Refuse(keys.UseSlidingWindow == true, "use_sliding_window", source);
        return base.FromKeys(keys, source) with { QueryKeyValueBias = true, AttentionOutputBias = false };
    }

    protected override HuggingFaceKeys Say(DecoderOnlyConfig config) =>
        base.Say(config) with { AttentionBias = null, UseSlidingWindow = false };
}
