using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Norms;

/// <summary>Normalises each row. [rows, dim] to [rows, dim].</summary>
internal abstract class Norm
{
    public abstract Tensor Apply(Workspace w, Tensor x);

    /// <summary>The norm of residual + dropout(x), and that sum, in one pass over memory.</summary>
    public abstract Tensor ApplyToSum(Workspace w, Tensor residual, Tensor x, float dropout, out Tensor sum);

    /// <summary>The norm that the configuration names; its weights stand under <paramref name="name"/>.</summary>
    public static Norm Create(ParameterStore store, string name, int dim, NormConfig config) => config switch
    {
        LayerNormConfig layer => new LayerNormalizer(store, name, dim, layer.Epsilon),
        RmsNormConfig rms => new RmsNormalizer(store, name, dim, rms),
        _ => throw new ArgumentOutOfRangeException(nameof(config)),
    };
}

/// <summary>Layer norm with gain and bias.</summary>
internal sealed class LayerNormalizer(ParameterStore store, string name, int dim, float epsilon) : Norm
{
    private readonly Weight _gain = store.Vector($"{name}.weight", dim, Initialization.One);
    private readonly Weight _bias = store.Vector($"{name}.bias", dim, Initialization.Zero);

    public override Tensor Apply(Workspace w, Tensor x) => LayerNormalization.Apply(w, x, _gain, _bias, epsilon);

    public override Tensor ApplyToSum(Workspace w, Tensor residual, Tensor x, float dropout, out Tensor sum) =>
        LayerNormalization.ApplyToSum(w, residual, x, dropout, _gain, _bias, epsilon, out sum);
}

/// <summary>Root mean square norm with gain.</summary>
internal sealed class RmsNormalizer(ParameterStore store, string name, int dim, RmsNormConfig config) : Norm
{
    private readonly Weight _gain = store.Vector($"{name}.weight", dim, Initialization.One,
        config.StoredLessOne ? StoredForm.LessOne : StoredForm.Plain);

    public override Tensor Apply(Workspace w, Tensor x) => RootMeanSquareNormalization.Apply(w, x, _gain, config.Epsilon);

    public override Tensor ApplyToSum(Workspace w, Tensor residual, Tensor x, float dropout, out Tensor sum) =>
        RootMeanSquareNormalization.ApplyToSum(w, residual, x, dropout, _gain, config.Epsilon, out sum);
}
