using System.Globalization;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Training.Benchmarks;

/// <summary>A model, one batch of random tokens and an optimizer: training steps to be timed, which other programs can repeat from
/// the same weights. The batch is the same at every step; nothing in a step's work depends on what the tokens are.</summary>
internal abstract unsafe class TrainingCase : IDisposable
{
    private const double LearningRate = 1e-4;

    private readonly TrainingOptions _options = new(); // Adam's constants, and clipping to norm 1
    private readonly Workspace _workspace;
    private readonly AdamMoments _moments;
    private int _steps;

    /// <summary>Draws the first weights.</summary>
    protected TrainingCase(ParameterStore parameters, RandomBatch batch, Precision precision, ThreadTeam team)
    {
        (Parameters, Batch) = (parameters, batch);
        _workspace = new Workspace(team, new Tape()) { ProductFormat = precision.OperandFormat() };
        _moments = new AdamMoments(parameters.FlatCount);
        parameters.Initialize(seed: 1);
    }

    public ParameterStore Parameters { get; }

    /// <summary>What the encoder reads; 0 without one.</summary>
    public abstract int SourceTokens { get; }

    /// <summary>What is predicted.</summary>
    public int TargetTokens => Batch.Targets.Length;

    /// <summary>What speeds in tokens a second count.</summary>
    public int Tokens => SourceTokens + TargetTokens;

    /// <summary>Floating-point operations of a step, at least.</summary>
    public abstract double Flops { get; }

    /// <summary>Bytes that a step brings from memory and back, where caches keep nothing from one operation to the next.</summary>
    public abstract double Bytes { get; }

    protected RandomBatch Batch { get; }

    /// <summary>Heads of each attention, which the shapes of the weights do not tell.</summary>
    protected abstract int HeadCount { get; }

    protected abstract float LabelSmoothing { get; }

    /// <summary>The mean loss of a target token, and the norm of its whole gradient, at the weights as they stand.</summary>
    public StepOutcome Gradient()
    {
        _workspace.BeginStep();
        Parameters.ForgetGradients();
        var loss = Loss(_workspace, 1f / TargetTokens);
        _workspace.Backward();
        Parameters.CompleteGradients();
        return new StepOutcome(loss.Loss / loss.Tokens, WeightUpdate.Norm(_workspace.Team, Parameters));
    }

    /// <summary>A whole step of learning; gives what <see cref="Gradient"/> would have given before it.</summary>
    public StepOutcome Step()
    {
        var outcome = Gradient();
        WeightUpdate.Apply(_workspace, Parameters, _moments, _options, outcome.GradientNorm, LearningRate, ++_steps);
        return outcome;
    }

    /// <summary>Writes the weights as they stand, under their names, and the batch, as safetensors: ids are floats too, as
    /// <c>batch.inputs</c> and the like, [sequences, length]. What shapes do not tell stands in the metadata.</summary>
    /// <exception cref="MultiheadException">The file cannot be written.</exception>
    public void WriteFile(string path)
    {
        float[] ids = [.. Batch.Parts.SelectMany(part => part.Ids).Select(id => (float)id)];
        fixed (float* first = ids)
        {
            List<TensorSource> tensors = [.. WeightFile.Sources(Parameters, (nint)Parameters.Values)];
            var data = first;
            foreach (var (name, part) in Batch.Parts)
            {
                tensors.Add(new TensorSource($"batch.{name}", [Batch.Sequences, part.Length / Batch.Sequences], (nint)data));
                data += part.Length;
            }
            SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>
            {
                ["heads"] = HeadCount.ToString(CultureInfo.InvariantCulture),
                ["labelSmoothing"] = LabelSmoothing.ToString(CultureInfo.InvariantCulture),
            });
        }
    }

    /// <summary>Frees the memory.</summary>
    public virtual void Dispose()
    {
        _workspace.Dispose();
        _moments.Dispose();
    }

    protected abstract LossSum Loss(Workspace workspace, float gradientScale);
}

/// <summary>What a step found before it changed the weights.</summary>
/// <param name="Loss">The mean loss of a target token, in nats.</param>
/// <param name="GradientNorm">The Euclidean norm of its gradient by all parameters, before clipping.</param>
internal readonly record struct StepOutcome(double Loss, double GradientNorm);
