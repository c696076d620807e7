using Multihead.Models.Attention;
using Multihead.Models.Blocks;
using Multihead.Models.FeedForward;
using Multihead.Tensors;

namespace Multihead.Models.Architectures;

/// <summary>GPT-2's names, as Hugging Face writes them for GPT2LMHeadModel: queries, keys and values in one matrix, all matrices of
/// layers as [in, out].</summary>
internal sealed class Gpt2Names : DecoderOnlyNames
{
    public override string Embedding => "transformer.wte.weight";
    public override string OptionalPrefix => "transformer.";
    public override string Positions => "transformer.wpe.weight";
    public override string FinalNorm => "transformer.ln_f";

    public override LayerNames Layer(int index)
    {
        var prefix = $"transformer.h.{index}";
        return new LayerNames(
            AttentionNames.Fused($"{prefix}.attn.c_attn", $"{prefix}.attn.c_proj"),
            $"{prefix}.ln_1",
            new FeedForwardNames($"{prefix}.mlp.c_fc", $"{prefix}.mlp.c_proj") { Form = StoredForm.Transposed },
            $"{prefix}.ln_2");
    }

    public override bool IsRedundant(string name, bool tied) => base.IsRedundant(name, tied)
        || name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);
}
