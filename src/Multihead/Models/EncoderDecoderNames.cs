using Multihead.Models.Attention;
using Multihead.Models.Blocks;
using Multihead.Models.FeedForward;

namespace Multihead.Models;

/// <summary>What the weights of the encoder-decoder are called in files: MarianMT's names, as Hugging Face writes them. The two
/// last norms, which only pre-norm models have, are called as mBART calls them.</summary>
internal static class EncoderDecoderNames
{
    public const string SharedEmbedding = "model.shared.weight";
    public const string SourceEmbedding = "model.encoder.embed_tokens.weight";
    public const string TargetEmbedding = "model.decoder.embed_tokens.weight";
    public const string OutputEmbedding = "lm_head.weight";
    public const string EncoderNorm = "model.encoder.layer_norm";
    public const string DecoderNorm = "model.decoder.layer_norm";

    public static LayerNames EncoderLayer(int index)
    {
        var layer = new Layer($"model.encoder.layers.{index}");
        return new LayerNames(layer.SelfAttention, layer.SelfAttentionNorm, layer.FeedForward, layer.FeedForwardNorm);
    }

    public static Layer DecoderLayer(int index) => new($"model.decoder.layers.{index}");

    /// <summary>The names of one layer.</summary>
    public readonly record struct Layer(string Prefix)
    {
        public AttentionNames SelfAttention => Attention("self_attn");
        public AttentionNames CrossAttention => Attention("encoder_attn");
        public string SelfAttentionNorm => $"{Prefix}.self_attn_layer_norm";
        public string CrossAttentionNorm => $"{Prefix}.encoder_attn_layer_norm";
        public FeedForwardNames FeedForward => new($"{Prefix}.fc1", $"{Prefix}.fc2");
        public string FeedForwardNorm => $"{Prefix}.final_layer_norm";

        private AttentionNames Attention(string kind) => new($"{Prefix}.{kind}.q_proj", $"{Prefix}.{kind}.k_proj",
            $"{Prefix}.{kind}.v_proj", $"{Prefix}.{kind}.out_proj");
    }
}
