using Multihead.Models.Attention;
using Multihead.Models.Blocks;
using Multihead.Models.FeedForward;

namespace Multihead.Models.Architectures;

/// <summary>Llama's names, as Hugging Face writes them for LlamaForCausalLM; Mistral, Qwen2, Qwen3 and Gemma have the same.</summary>
internal class LlamaNames : DecoderOnlyNames
{
    public override string Embedding => "model.embed_tokens.weight";
    public override string OptionalPrefix => "model.";
    public override string FinalNorm => "model.norm";

    public override LayerNames Layer(int index)
    {
        var prefix = Prefix(index);
        return new LayerNames(
            new AttentionNames($"{prefix}.self_attn.q_proj", $"{prefix}.self_attn.k_proj", $"{prefix}.self_attn.v_proj",
                $"{prefix}.self_attn.o_proj")
            { QueryNorm = $"{prefix}.self_attn.q_norm", KeyNorm = $"{prefix}.self_attn.k_norm" },
            $"{prefix}.input_layernorm",
            new FeedForwardNames($"{prefix}.mlp.up_proj", $"{prefix}.mlp.down_proj") { Gate = $"{prefix}.mlp.gate_proj" },
            $"{prefix}.post_attention_layernorm");
    }

    public override bool IsRedundant(string name, bool tied) =>
        base.IsRedundant(name, tied) || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    protected static string Prefix(int index) => $"model.layers.{index}";
}
