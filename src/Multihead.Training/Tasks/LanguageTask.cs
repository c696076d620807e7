using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Multihead.Kernels.RandomNumbers;
using Multihead.Models;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Training.Tasks;

/// <summary>A decoder-only model learns to predict each token of a text from those before it. A batch is pieces of the text from
/// random places, each of the full context.</summary>
/// <param name="model">The model.</param>
/// <param name="options">Token budget, batches a step, and the seed that draws the places.</param>
/// <param name="train">Tokens to learn from, more than a context.</param>
/// <param name="valid">Tokens to choose by, two or more.</param>
/// <param name="context">Tokens of a piece.</param>
internal sealed class LanguageTask(DecoderOnly model, TrainingOptions options, int[] train, int[] valid, int context) : TrainingTask
{
    private readonly int _sequences = Math.Max(1, options.BatchTokens / context);

    /// <inheritdoc/>
    public override ParameterStore Parameters => model.Parameters;

    /// <inheritdoc/>
    public override string Fingerprint { get; } = Hash(train, valid, context);

    /// <inheritdoc/>
    public override double TokensPerStep => (double)_sequences * context * options.AccumulatedBatches;

    /// <inheritdoc/>
    public override TaskBatches Open(long skip) => new Pieces(this, skip);

    /// <inheritdoc/>
    public override void Rehearse(Workspace w)
    {
        using var pieces = new Pieces(this, 0);
        pieces.Next();
        pieces.Loss(w, 0, (float)options.LabelSmoothing, 1);
        w.Backward();
    }

    /// <summary>The mean over all tokens of the text but the first, in pieces of the full context that follow one another.</summary>
    public override double ValidationLoss(Workspace w)
    {
        LossSum sum = default;
        var predictions = valid.Length - 1;
        var lengths = new List<int>(_sequences);
        for (var first = 0; first < predictions;)
        {
            lengths.Clear();
            var end = first;
            for (; lengths.Count < _sequences && end < predictions; end += lengths[^1]) lengths.Add(Math.Min(context, predictions - end));
            w.BeginStep();
            sum += model.Loss(w, new TokenSequences(valid.AsSpan(first..end), CollectionsMarshal.AsSpan(lengths)),
                valid.AsSpan((first + 1)..(end + 1)), 0, 0);
            first = end;
        }
        return sum.NegativeLogLikelihood / sum.Tokens;
    }

    private static string Hash(int[] train, int[] valid, int context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<int>(new[] { train.Length, valid.Length, context }));
        hash.AppendData(MemoryMarshal.AsBytes<int>(train));
        hash.AppendData(MemoryMarshal.AsBytes<int>(valid));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Pieces : TaskBatches
    {
        private readonly LanguageTask _task;
        private readonly PhiloxGenerator _random;
        private readonly int[][] _inputs;
        private readonly int[][] _targets;
        private readonly int[] _lengths;
        private long _batch; // the next

        public Pieces(LanguageTask task, long skip)
        {
            (_task, _batch) = (task, skip);
            _random = new PhiloxGenerator(task.Seed, 0);
            _lengths = new int[task._sequences];
            Array.Fill(_lengths, task.Context);
            _inputs = [.. Enumerable.Range(0, task.BatchCount).Select(_ => new int[task._sequences * task.Context])];
            _targets = [.. _inputs.Select(inputs => new int[inputs.Length])];
        }

        public override int Count => _inputs.Length;

        public override void Next()
        {
            for (var i = 0; i < Count; i++)
            {
                _random.MoveTo((ulong)_batch++);
                for (var at = 0; at < _inputs[i].Length; at += _task.Context)
                {
                    var place = _random.NextInt(_task.Train.Length - _task.Context);
                    _task.Train.AsSpan(place, _task.Context).CopyTo(_inputs[i].AsSpan(at));
                    _task.Train.AsSpan(place + 1, _task.Context).CopyTo(_targets[i].AsSpan(at));
                }
            }
        }

        public override int Tokens(int batch) => _inputs[batch].Length;

        public override int Targets(int batch) => _targets[batch].Length;

        public override double Flops(int batch) => DecoderOnlyFlops.Training(_task.Model.Config, _lengths);

        public override LossSum Loss(Workspace w, int batch, float smoothing, float gradientScale) =>
            _task.Model.Loss(w, new TokenSequences(_inputs[batch], _lengths), _targets[batch], smoothing, gradientScale);

        public override void Dispose() { }
    }

    private DecoderOnly Model => model;

    private int[] Train => train;

    private int Context => context;

    private ulong Seed => options.Seed;

    private int BatchCount => options.AccumulatedBatches;
}
