using Multihead.Models.Blocks;
using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>What the weights of a decoder-only model are called in files.</summary>
internal abstract class DecoderOnlyNames
{
    public abstract string Embedding { get; }

    /// <summary>What names begin with, save in files of the model without its output; maybe nothing.</summary>
    public abstract string OptionalPrefix { get; }

    /// <summary>The table of learned positions; only models that have one ask.</summary>
    public virtual string Positions => throw new NotSupportedException();

    /// <summary>Without ".weight" and ".bias".</summary>
    public abstract string FinalNorm { get; }

    /// <summary>The output table where it is not the embedding.</summary>
    public virtual string Output => "lm_head.weight";

    public abstract LayerNames Layer(int index);

    /// <summary>Whether a tensor that the model has no place for says nothing: buffers that older programs saved, and copies of the
    /// embedding where that is tied.</summary>
    public virtual bool IsRedundant(string name, bool tied) => tied && name == Output;

    /// <summary>The names of an architecture.</summary>
    public static DecoderOnlyNames Of(DecoderOnlyArchitecture architecture) => architecture switch
    {
        DecoderOnlyArchitecture.Gpt2 => new Gpt2Names(),
        DecoderOnlyArchitecture.Llama or DecoderOnlyArchitecture.Mistral or DecoderOnlyArchitecture.Qwen2
            or DecoderOnlyArchitecture.Qwen3 or DecoderOnlyArchitecture.Gemma => new LlamaNames(),
        DecoderOnlyArchitecture.Gemma2 => new Gemma2Names(),
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };
}
