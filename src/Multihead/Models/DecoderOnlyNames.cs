using Multihead.Models.Attention;
using Multihead.Models.Blocks;
using Multihead.Models.FeedForward;

namespace Multihead.Models;

/// <summary>What the weights of the decoder-only model are called in files: GPT-2's names as Hugging Face writes them, save inside
/// attention and feed-forward, where GPT-2 has query, key and value in one matrix and all matrices as [in, out]; there the names
/// are those of GPT-J, whose matrices are ours.</summary>
internal static class DecoderOnlyNames
{
    public const string Embedding = "transformer.wte.weight";
    public const string Positions = "transformer.wpe.weight";
    public const string FinalNorm = "transformer.ln_f";

    public static LayerNames Layer(int index)
    {
        var prefix = $"transformer.h.{index}";
        return new LayerNames(
            new AttentionNames($"{prefix}.attn.q_proj", $"{prefix}.attn.k_proj", $"{prefix}.attn.v_proj", $"{prefix}.attn.out_proj"),
            $"{prefix}.ln_1",
            new FeedForwardNames($"{prefix}.mlp.fc_in", $"{prefix}.mlp.fc_out"),
            $"{prefix}.ln_2");
    }
}
