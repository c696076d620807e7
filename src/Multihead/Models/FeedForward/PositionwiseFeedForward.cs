using Multihead.Kernels.Activations;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.FeedForward;

/// <summary>f(x W1 + b1) W2 + b2 for each token alone: expand, bend, contract. "Attention Is All You Need", equation 2,
/// https://arxiv.org/abs/1706.03762.</summary>
internal abstract class PositionwiseFeedForward
{
    /// <summary>[tokens, dim] to [tokens, dim].</summary>
    public abstract Tensor Apply(Workspace w, Tensor x);

    /// <summary>The one with the configuration's activation; the weights stand under <paramref name="names"/>.</summary>
    public static PositionwiseFeedForward Create(ParameterStore store, FeedForwardNames names, ILayerConfig config) =>
        config.Activation switch
        {
            Activation.Relu => Create<Relu>(store, names, config),
            Activation.Gelu => Create<Gelu>(store, names, config),
            Activation.GeluTanh => Create<GeluTanh>(store, names, config),
            Activation.Silu => Create<Silu>(store, names, config),
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        };

    private static PositionwiseFeedForward Create<TActivation>(ParameterStore store, FeedForwardNames names, ILayerConfig config)
        where TActivation : unmanaged, IActivation => config.GatedFeedForward
            ? new GatedFeedForward<TActivation>(store, names, config)
            : new PositionwiseFeedForward<TActivation>(store, names, config);
}

/// <summary>The feed-forward sublayer with activation f.</summary>
internal sealed class PositionwiseFeedForward<TActivation>(ParameterStore store, FeedForwardNames names, ILayerConfig config)
    : PositionwiseFeedForward where TActivation : unmanaged, IActivation
{
    private readonly Weight _expand =
        store.Matrix(names.Expand + ".weight", config.FeedForwardDim, config.ModelDim, Initialization.XavierUniform, names.Form);

    private readonly Weight _expandBias = store.Vector(names.Expand + ".bias", config.FeedForwardDim, Initialization.Zero);

    private readonly Weight _contract =
        store.Matrix(names.Contract + ".weight", config.ModelDim, config.FeedForwardDim, Initialization.XavierUniform, names.Form);

    private readonly Weight _contractBias = store.Vector(names.Contract + ".bias", config.ModelDim, Initialization.Zero);
    private readonly float _dropout = config.ActivationDropout;

    public override Tensor Apply(Workspace w, Tensor x) =>
        ExpandAndContract.Apply<TActivation>(w, x, _expand, _expandBias, _contract, _contractBias, _dropout);
}

/// <summary>What the products of a feed-forward sublayer are called in files, without ".weight" and ".bias".</summary>
internal readonly record struct FeedForwardNames(string Expand, string Contract)
{
    /// <summary>The product that opens and closes <see cref="Expand"/>; null where there is none.</summary>
    public string? Gate { get; init; }

    /// <summary>How the products stand in files.</summary>
    public StoredForm Form { get; init; }
}
