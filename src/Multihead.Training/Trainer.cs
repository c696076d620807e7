using System.Diagnostics;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Training.Reports;
using Multihead.Training.Tasks;

namespace Multihead.Training;

/// <summary>Learns a model. The outcome is a function of the options, the model and the data: whatever the number of threads, and whether or not it was stopped in between. Libraries stay silent: progress goes to whoever asks for it.</summary>
internal sealed unsafe class Trainer : IDisposable
{
    private readonly TrainingTask _task;
    private readonly TrainingOptions _options;
    private readonly RunFolder _folder;
    private readonly Workspace _workspace;
    private readonly Workspace _validating; // in memory that learning does not need meanwhile
    private readonly AdamMoments _moments;
    private double? _averageLoss;
    private TrainingPosition _position = TrainingPosition.Start;

    public Trainer(TrainingTask task, TrainingOptions options, RunFolder folder, ThreadTeam team)
    {
        options.Validate();
        (_task, _options, _folder) = (task, options, folder);
        _workspace = new Workspace(team, new Tape()) { ProductFormat = options.Precision.OperandFormat() };
        _validating = new Workspace(team, arena: _workspace.Arena);
        _moments = new AdamMoments(task.Parameters.FlatCount);
    }

    /// <summary>Steps done.</summary>
    public int Step => _position.Step;

    /// <summary>The validation loss of the weights that the folder holds as its model: the lowest so far, and after the last step
    /// that of the average, where there is one; infinite before the first.</summary>
    public double ModelValidationLoss => _averageLoss ?? _position.BestValidationLoss;

    /// <summary>Draws the first weights and clears the folder of an earlier run's traces.</summary>
    /// <exception cref="MultiheadException">The folder cannot be made or written.</exception>
    public void Begin()
    {
        try
        {
            Directory.CreateDirectory(_folder.Training);
            _folder.RemoveTornWrites();
            File.Delete(_folder.State);
            File.Delete(_folder.Weights);
            File.Delete(_folder.Best);
            foreach (var (path, _) in _folder.Snapshots()) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiheadException($"Cannot begin a run in '{_folder.Root}': {e.Message.TrimEnd('.')}; give a folder that "
                + "can be written.", e);
        }
        _task.Parameters.Initialize(_options.Seed);
    }

    /// <summary>Goes on from the last saved state, or begins where there is none yet.</summary>
    /// <exception cref="MultiheadException">The state is damaged or of another model, or the folder cannot be written.
    /// </exception>
    public void Resume()
    {
        if (!File.Exists(_folder.State))
        {
            Begin();
            return;
        }
        _folder.RemoveTornWrites();
        _position = TrainingState.Load(_folder.State, _task.Parameters, _moments, _task.Fingerprint);
        foreach (var (path, step) in _folder.Snapshots())
            if (step > _position.Step) File.Delete(path);
    }

    /// <summary>Memory that steps compute in; steady from the first one on.</summary>
    public long ArenaBytes => _workspace.Arena.Capacity;

    /// <summary>Seconds that an update of average size takes, measured by updating weights that do not matter: draws new ones,
    /// so call it before <see cref="Begin"/> alone.</summary>
    /// <param name="warmUp">Time before the measurement, in which the runtime compiles its fast code.</param>
    /// <param name="length">Time of the measurement: enough for batches of all sizes.</param>
    public double MeasureStepSeconds(TimeSpan warmUp, TimeSpan length)
    {
        using var batches = _task.Open(0);
        Rehearse();
        _task.Parameters.Initialize(_options.Seed);
        UpdateFor(warmUp, batches);
        var (tokens, seconds) = UpdateFor(length, batches);
        return seconds / tokens * _task.TokensPerStep;
    }

    /// <summary>Runs to the last step, saving on the way. The folder's model is what had the lowest validation loss so far; in the
    /// end it is the average of the last saved states, where that is asked for.</summary>
    /// <param name="progress">Told after every step, on this thread.</param>
    /// <param name="cancellation">Ends the run after the step at hand; the state is saved and can be resumed.</param>
    /// <returns>Whether the run came to its end.</returns>
    public bool Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var log = LossLog.Open(_folder.LossLog, _position.Step);
        using (var batches = _task.Open((long)_position.Step * _options.AccumulatedBatches))
        {
            Rehearse();
            var pace = new Pace(_options.Steps - _position.Step);
            double? validationLoss = null;
            while (_position.Step < _options.Steps)
            {
                if (cancellation.IsCancellationRequested)
                {
                    Save(log);
                    return false; // no snapshot: the average at the end is that of a run never stopped
                }
                var step = _position.Step + 1;
                pace.Start();
                var row = Update(batches, step);
                pace.Stop(batches);
                _position = _position with { Step = step };
                var due = step % _options.ValidateEvery == 0 || step == _options.Steps;
                if (due) validationLoss = Validate();
                log.Append(row with { ValidationLoss = due ? (float?)validationLoss : null });
                if (step % _options.SaveEvery == 0 || step == _options.Steps)
                {
                    WriteSnapshot();
                    Save(log);
                }
                progress?.Report(pace.Report(_options.Steps, row, validationLoss));
            }
        }
        FinishAverage();
        CurvesPicture.Write(_folder.Curves, LossLog.Read(_folder.LossLog));
        return true;
    }

    /// <summary>Frees the memory of learning; the model lives on.</summary>
    public void Dispose()
    {
        _workspace.Dispose();
        _moments.Dispose();
    }

    private (long Tokens, double Seconds) UpdateFor(TimeSpan time, TaskBatches batches)
    {
        long tokens = 0;
        var watch = Stopwatch.StartNew();
        for (var step = 1; watch.Elapsed < time; step++) tokens += Update(batches, step).Tokens;
        return (tokens, watch.Elapsed.TotalSeconds);
    }

    // Takes the arena to the size that the largest batch needs, so that memory stays flat from the first step on. Once for the arena
    // to learn the size, and once to have all of it in memory.
    private void Rehearse()
    {
        for (var i = 0; i < 2; i++)
        {
            _workspace.BeginStep(dropoutSeed: 0);
            _task.Parameters.ForgetGradients();
            _task.Rehearse(_workspace);
        }
    }

    private LossRow Update(TaskBatches batches, int step)
    {
        var loss = Gradients(batches, step);
        var tokens = 0;
        for (var i = 0; i < batches.Count; i++) tokens += batches.Tokens(i);
        var norm = WeightUpdate.Norm(_workspace.Team, _task.Parameters);
        if (!double.IsFinite(norm))
            throw new MultiheadException($"The gradient of step {step} is not finite; lower the peak learning rate or lengthen the "
                + "warm-up in the recipe.");
        var rate = _options.Schedule.RateAt(step, _options.Steps);
        WeightUpdate.Apply(_workspace, _task.Parameters, _moments, _options, norm, rate, step);
        return new LossRow
        {
            Step = step,
            LearningRate = (float)rate,
            Loss = (float)(loss.Loss / loss.Tokens),
            GradientNorm = (float)norm,
            Tokens = tokens,
        };
    }

    // The gradient of the mean loss of a target token, over all batches of the step.
    private LossSum Gradients(TaskBatches batches, int step)
    {
        batches.Next();
        var targets = 0;
        for (var i = 0; i < batches.Count; i++) targets += batches.Targets(i);
        _task.Parameters.ForgetGradients();
        LossSum loss = default;
        for (var i = 0; i < batches.Count; i++)
        {
            _workspace.BeginStep(dropoutSeed: DropoutSeed(step, i));
            loss += batches.Loss(_workspace, i, (float)_options.LabelSmoothing, 1f / targets);
            _workspace.Backward();
        }
        _task.Parameters.CompleteGradients();
        return loss;
    }

    private ulong DropoutSeed(int step, int batch) =>
        _options.Seed * 0x9E3779B97F4A7C15 + ((ulong)step * (ulong)_options.AccumulatedBatches + (ulong)batch);

    private double Validate()
    {
        var loss = _task.ValidationLoss(_validating);
        if (loss < _position.BestValidationLoss)
        {
            _position = _position with { BestValidationLoss = loss };
            if (_options.AveragedStates > 1) WriteWeights(_folder.Best); // the average will take the model's place
            WriteWeights(_folder.Weights);
        }
        return loss;
    }

    private void WriteSnapshot()
    {
        if (_options.AveragedStates == 1) return;
        WriteWeights(_folder.Snapshot(_position.Step));
        var snapshots = _folder.Snapshots();
        for (var i = 0; i < snapshots.Count - _options.AveragedStates; i++) File.Delete(snapshots[i].Path);
    }

    private void Save(LossLog log)
    {
        log.Flush();
        TrainingState.Save(_folder.State, _task.Parameters, _moments, _position, _task.Fingerprint);
        if (!File.Exists(_folder.Weights)) WriteWeights(_folder.Weights);
    }

    private void FinishAverage()
    {
        var snapshots = _folder.Snapshots();
        if (_options.AveragedStates == 1 || snapshots.Count == 0) return;
        WeightAverage.Load([.. snapshots.Select(s => s.Path)], _task.Parameters);
        _averageLoss = _task.ValidationLoss(_validating);
        WriteWeights(_folder.Weights);
    }

    private void WriteWeights(string path) =>
        WeightFile.Export(_task.Parameters, tensors => SafetensorsWriter.Write(path, tensors));
}
