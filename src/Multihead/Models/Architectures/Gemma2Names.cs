using Multihead.Models.Blocks;

namespace Multihead.Models.Architectures;

/// <summary>Gemma 2's names, as Hugging Face writes them: Llama's with a norm behind each sublayer too.</summary>
internal sealed class Gemma2Names : LlamaNames
{
    public override LayerNames Layer(int index) => base.Layer(index) with
    {
        AddedAttentionNorm = $"{Prefix(index)}.post_attention_layernorm",
        FeedForwardNorm = $"{Prefix(index)}.pre_feedforward_layernorm",
        AddedFeedForwardNorm = $"{Prefix(index)}.post_feedforward_layernorm",
    };
}
