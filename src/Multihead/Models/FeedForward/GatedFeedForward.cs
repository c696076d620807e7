using Multihead.Kernels.Activations;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.FeedForward;

/// <summary>(f(x Wg) * x Wu) Wd for each token alone, without biases: SwiGLU where f is SiLU, GEGLU where it is GELU. GLU Variants
/// Improve Transformer, https://arxiv.org/abs/2002.05202, equation 6.</summary>
internal sealed class GatedFeedForward<TActivation>(ParameterStore store, FeedForwardNames names, ILayerConfig config)
    : PositionwiseFeedForward where TActivation : unmanaged, IActivation
{
    private readonly Weight _expand = store.Declare(
        [new(names.Gate + ".weight", config.FeedForwardDim, false), new(names.Expand + ".weight", config.FeedForwardDim, false)],
        config.ModelDim, Initialization.XavierUniform);

    private readonly Weight _contract =
        store.Matrix(names.Contract + ".weight", config.ModelDim, config.FeedForwardDim, Initialization.XavierUniform);

    private readonly float _dropout = config.ActivationDropout;

    public override Tensor Apply(Workspace w, Tensor x) => GateAndContract.Apply<TActivation>(w, x, _expand, _contract, _dropout);
}
