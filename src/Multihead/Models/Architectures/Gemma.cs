using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>Gemma: Llama with scaled embeddings, GEGLU, heads of a width of their own, and gains stored less one.
/// https://arxiv.org/abs/2403.08295.</summary>
internal class Gemma : Llama
{
    public override DecoderOnlyArchitecture Kind => DecoderOnlyArchitecture.Gemma;

    public override string ModelType => "gemma";

    protected override string ClassName => "GemmaForCausalLM";

    public override DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source) => base.FromKeys(keys, source) with
    {
        HeadDim = keys.HeadDim ?? 256,
        Norm = new RmsNormConfig(keys.RmsNormEps ?? DefaultEpsilon) { StoredLessOne = true },
        // hidden_act says gelu in old files, which were trained with the approximation all the same.
        Activation = ActivationOf(keys.HiddenActivation ?? "gelu_pytorch_tanh", "hidden_activation", source),
        TieEmbeddings = keys.TieWordEmbeddings ?? true,
        ScaleEmbeddings = true,
    };

    protected override HuggingFaceKeys Say(DecoderOnlyConfig config) =>
        base.Say(config) with { HiddenAct = NameOf(config.Activation), HiddenActivation = NameOf(config.Activation) };
}
