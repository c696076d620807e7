using System.Diagnostics;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Formats;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Training.Batches;
using Multihead.Training.Reports;

namespace Multihead.Training;

/// <summary>Learns an encoder-decoder. The outcome is a function of the options, the model and the data: whatever the number of
/// threads, and whether or not it was stopped in between. Libraries stay silent: progress goes to whoever asks for it.</summary>
internal sealed unsafe class Trainer : IDisposable
{
    private readonly EncoderDecoder _model;
    private readonly TrainingOptions _options;
    private readonly EncodedCorpus _training;
    private readonly Validation _validation;
    private readonly RunFolder _folder;
    private readonly Workspace _workspace;
    private readonly AdamMoments _moments;
    private readonly Batch[] _micro;
    private readonly string _data; // fingerprint
    private double? _averageLoss;
    private TrainingPosition _position = TrainingPosition.Start;

    public Trainer(EncoderDecoder model, TrainingOptions options, EncodedCorpus training, EncodedCorpus validation,
        RunFolder folder, ThreadTeam team)
    {
        options.Validate();
        (_model, _options, _training, _folder) = (model, options, training, folder);
        _workspace = new Workspace(team, new Tape()) { ProductFormat = options.Precision.OperandFormat() };
        _validation = new Validation(model, validation, options.BatchTokens, _workspace);
        _moments = new AdamMoments(model.Parameters.FlatCount);
        _micro = new Batch[options.AccumulatedBatches];
        _data = EncodedCorpus.Fingerprint(training, validation);
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
        _model.Parameters.Initialize(_options.Seed);
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
        _position = TrainingState.Load(_folder.State, _model, _moments, _data);
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
        using var queue = OpenQueue(0);
        Rehearse();
        _model.Parameters.Initialize(_options.Seed);
        UpdateFor(warmUp, queue);
        var (tokens, seconds) = UpdateFor(length, queue);
        var plan = new BatchPlan(_training, _options.BatchTokens, _options.Seed);
        plan.Plan(0);
        var perBatch = (_training.TokenCount + 2.0 * _training.Count) / plan.BatchCount; // with a mark a sentence
        return seconds / tokens * perBatch * _options.AccumulatedBatches;
    }

    /// <summary>Runs to the last step, saving on the way. The folder's model is what had the lowest validation loss so far; in the
    /// end it is the average of the last saved states, where that is asked for.</summary>
    /// <param name="progress">Told after every step, on this thread.</param>
    /// <param name="cancellation">Ends the run after the step at hand; the state is saved and can be resumed.</param>
    /// <returns>Whether the run came to its end.</returns>
    public bool Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var log = LossLog.Open(_folder.LossLog, _position.Step);
        using (var queue = OpenQueue((long)_position.Step * _options.AccumulatedBatches))
        {
            Rehearse();
            var pace = new Pace(_model.Config, _options.Steps - _position.Step);
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
                var row = Update(queue, step);
                pace.Stop(_micro);
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

    private (long Tokens, double Seconds) UpdateFor(TimeSpan time, BatchQueue queue)
    {
        long tokens = 0;
        var watch = Stopwatch.StartNew();
        for (var step = 1; watch.Elapsed < time; step++) tokens += Update(queue, step).Tokens;
        return (tokens, watch.Elapsed.TotalSeconds);
    }

    private BatchQueue OpenQueue(long skip) => new(_training, _options, _model.Config, skip);

    // Takes the arena to the size that a batch needs which fills its budget on both sides, so that memory stays flat from the
    // first step on. Once for the arena to learn the size, and once to have all of it in memory.
    private void Rehearse()
    {
        var corpus = new EncodedCorpus();
        corpus.Add([], []);
        var batch = new Batch(_options.BatchTokens);
        batch.Fill(corpus, new int[_options.BatchTokens], _model.Config);
        for (var i = 0; i < 2; i++)
        {
            _workspace.BeginStep(dropoutSeed: 0);
            _model.Parameters.ForgetGradients();
            _model.Loss(_workspace, batch.Sources, batch.Inputs, batch.Targets, (float)_options.LabelSmoothing, 1);
            _workspace.Backward();
        }
    }

    private LossRow Update(BatchQueue queue, int step)
    {
        var loss = Gradients(queue, step);
        var tokens = 0;
        foreach (var batch in _micro) tokens += batch.SourceTokens + batch.TargetTokens;
        var norm = WeightUpdate.Norm(_workspace.Team, _model.Parameters);
        if (!double.IsFinite(norm))
            throw new MultiheadException($"The gradient of step {step} is not finite; lower the peak learning rate or lengthen the "
                + "warm-up in the recipe.");
        var rate = _options.Schedule.RateAt(step, _options.Steps);
        WeightUpdate.Apply(_workspace, _model.Parameters, _moments, _options, norm, rate, step);
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
    private LossSum Gradients(BatchQueue queue, int step)
    {
        queue.Next(_micro);
        var tokens = 0;
        foreach (var batch in _micro) tokens += batch.TargetTokens;
        _model.Parameters.ForgetGradients();
        LossSum loss = default;
        for (var i = 0; i < _micro.Length; i++)
        {
            _workspace.BeginStep(dropoutSeed: DropoutSeed(step, i));
            loss += _model.Loss(_workspace, _micro[i].Sources, _micro[i].Inputs, _micro[i].Targets,
                (float)_options.LabelSmoothing, 1f / tokens);
            _workspace.Backward();
        }
        _model.Parameters.CompleteGradients();
        return loss;
    }

    private ulong DropoutSeed(int step, int batch) =>
        _options.Seed * 0x9E3779B97F4A7C15 + ((ulong)step * (ulong)_options.AccumulatedBatches + (ulong)batch);

    private double Validate()
    {
        var loss = _validation.Loss();
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
        TrainingState.Save(_folder.State, _model, _moments, _position, _data);
        if (!File.Exists(_folder.Weights)) WriteWeights(_folder.Weights);
    }

    private void FinishAverage()
    {
        var snapshots = _folder.Snapshots();
        if (_options.AveragedStates == 1 || snapshots.Count == 0) return;
        WeightAverage.Load([.. snapshots.Select(s => s.Path)], _model.Parameters);
        _averageLoss = _validation.Loss();
        WriteWeights(_folder.Weights);
    }

    private void WriteWeights(string path) =>
        SafetensorsWriter.Write(path, [.. WeightFile.Sources(_model.Parameters, (nint)_model.Parameters.Values)]);
}
