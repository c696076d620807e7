using Multihead.Kernels.Gemm;
using Multihead.Kernels.Optimizers;
using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Training;

/// <summary>An update of all weights along the gradient of a step: clipped to the largest norm that the options allow (Pascanu et
/// al., 2013, https://arxiv.org/abs/1211.5063), then Adam's.</summary>
internal static unsafe class WeightUpdate
{
    /// <summary>The Euclidean norm of the whole gradient; not finite where an element is not.</summary>
    public static double Norm(ThreadTeam team, ParameterStore store) =>
        Math.Sqrt(GradientNorm.SumOfSquares(team, store.Gradients, store.FlatCount));

    /// <param name="workspace">The threads; where its products are in bf16, the sweep makes a copy for them.</param>
    /// <param name="store">Weights, updated, and their complete gradient.</param>
    /// <param name="moments">The optimizer's state, updated.</param>
    /// <param name="options">Adam's constants and the largest norm.</param>
    /// <param name="norm">What <see cref="Norm"/> gave; finite.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">Counted from 1.</param>
    public static void Apply(Workspace workspace, ParameterStore store, AdamMoments moments, TrainingOptions options,
        double norm, double rate, int step)
    {
        var values = store.Values;
        var halves = workspace.ProductFormat == ProductFormat.Bf16 ? store.HalvesToFill() : null;
        Adam.Step(workspace.Team, values, store.Gradients, moments.First, moments.Second, halves, store.FlatCount, new AdamStep
        {
            LearningRate = (float)rate,
            Beta1 = (float)options.Adam.Beta1,
            Beta2 = (float)options.Adam.Beta2,
            Epsilon = (float)options.Adam.Epsilon,
            WeightDecay = (float)options.Adam.WeightDecay,
            GradientScale = options.ClipNorm > 0 && norm > options.ClipNorm ? (float)(options.ClipNorm / norm) : 1,
            Step = step,
        });
        if (halves != null) store.HalvesAreUpToDate();
    }
}
