using Multihead.Models.Configuration;
using Multihead.Models.Norms;
using Multihead.Tensors;

namespace Multihead.Models.Blocks;

/// <summary>How a sublayer joins the residual stream: what it reads, and what becomes of what it wrote.</summary>
internal abstract class ResidualConnection(Norm norm, float dropout)
{
    protected Norm Norm { get; } = norm;

    protected float Dropout { get; } = dropout;

    /// <summary>What the sublayer reads of the stream.</summary>
    public abstract Tensor Enter(Workspace w, ref ResidualStream stream);

    /// <summary>Joins what the sublayer gave, <paramref name="y"/>, to the stream.</summary>
    public abstract void Leave(Workspace w, ref ResidualStream stream, Tensor y);

    /// <summary>The connection of the configuration; its norm stands under <paramref name="normName"/>, and the norm of what is
    /// added, where there is one, under <paramref name="addedNormName"/>.</summary>
    public static ResidualConnection Create(ParameterStore store, string normName, string? addedNormName, ILayerConfig config)
    {
        var norm = Norm.Create(store, normName, config.ModelDim, config.Norm);
        return config.NormPlacement switch
        {
            NormPlacement.Pre => new PreNormConnection(norm, config.Dropout),
            NormPlacement.Post => new PostNormConnection(norm, config.Dropout),
            NormPlacement.Sandwich => new SandwichNormConnection(norm,
                Norm.Create(store, addedNormName!, config.ModelDim, config.Norm), config.Dropout),
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        };
    }
}

/// <summary>x + dropout(f(norm(x))): the stream itself is never normalised, so deep stacks learn. Xiong et al., 2020,
/// https://arxiv.org/abs/2002.04745.</summary>
internal sealed class PreNormConnection(Norm norm, float dropout) : ResidualConnection(norm, dropout)
{
    public override Tensor Enter(Workspace w, ref ResidualStream stream) => stream.Normalised(w, Norm);

    public override void Leave(Workspace w, ref ResidualStream stream, Tensor y) => stream.Add(w, y, Dropout);
}

/// <summary>norm(x + dropout(f(x))): as the paper of 2017 has it, section 3.1.</summary>
internal sealed class PostNormConnection(Norm norm, float dropout) : ResidualConnection(norm, dropout)
{
    public override Tensor Enter(Workspace w, ref ResidualStream stream) => stream.Value(w);

    public override void Leave(Workspace w, ref ResidualStream stream, Tensor y)
    {
        stream.Add(w, y, Dropout);
        stream = new ResidualStream(stream.Normalised(w, Norm));
    }
}

/// <summary>x + dropout(norm(f(norm(x)))): what is added has a known size too. Gemma 2, https://arxiv.org/abs/2408.00118.</summary>
internal sealed class SandwichNormConnection(Norm norm, Norm added, float dropout) : ResidualConnection(norm, dropout)
{
    public override Tensor Enter(Workspace w, ref ResidualStream stream) => stream.Normalised(w, Norm);

    public override void Leave(Workspace w, ref ResidualStream stream, Tensor y) => stream.Add(w, added.Apply(w, y), Dropout);
}
