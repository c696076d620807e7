using Multihead.Models.Configuration;
using Multihead.Models.Norms;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Blocks;

/// <summary>How a sublayer joins the residual stream: what it reads, and what becomes of what it wrote.</summary>
internal abstract class ResidualConnection(Norm norm, float dropout)
{
    protected Norm Norm { get; } = norm;

    protected float Dropout { get; } = dropout;

    /// <summary>What the sublayer reads of the stream <paramref name="x"/>.</summary>
    public abstract Tensor Enter(Workspace w, Tensor x);

    /// <summary>The stream after the sublayer gave <paramref name="y"/>.</summary>
    public abstract Tensor Leave(Workspace w, Tensor x, Tensor y);

    /// <summary>The connection of the configuration; its norm stands under <paramref name="normName"/>.</summary>
    public static ResidualConnection Create(ParameterStore store, string normName, ILayerConfig config)
    {
        var norm = Norm.Create(store, normName, config.ModelDim, config.Norm);
        return config.NormPlacement switch
        {
            NormPlacement.Pre => new PreNormConnection(norm, config.Dropout),
            NormPlacement.Post => new PostNormConnection(norm, config.Dropout),
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        };
    }
}

/// <summary>x + dropout(f(norm(x))): the stream itself is never normalised, so deep stacks learn. Xiong et al., 2020,
/// https://arxiv.org/abs/2002.04745.</summary>
internal sealed class PreNormConnection(Norm norm, float dropout) : ResidualConnection(norm, dropout)
{
    public override Tensor Enter(Workspace w, Tensor x) => Norm.Apply(w, x);

    public override Tensor Leave(Workspace w, Tensor x, Tensor y) => AddResidual.Apply(w, x, y, Dropout);
}

/// <summary>norm(x + dropout(f(x))): as the paper of 2017 has it, section 3.1.</summary>
internal sealed class PostNormConnection(Norm norm, float dropout) : ResidualConnection(norm, dropout)
{
    public override Tensor Enter(Workspace w, Tensor x) => x;

    public override Tensor Leave(Workspace w, Tensor x, Tensor y) => Norm.Apply(w, AddResidual.Apply(w, x, y, Dropout));
}
