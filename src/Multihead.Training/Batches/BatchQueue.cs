using Multihead.Models.Configuration;

namespace Multihead.Training.Batches;

/// <summary>Prepares batches on a thread of its own, a few ahead of the trainer. The order is a function of the seed, so a run may
/// begin at any batch. Buffers go round: nothing is allocated on the way.</summary>
internal sealed class BatchQueue : IDisposable
{
    private const int Ahead = 8;

    private readonly EncodedCorpus _corpus;
    private readonly BatchPlan _plan;
    private readonly ModelConfig _config;
    private readonly Batch[] _ring;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private long _skip;
    private long _filled;
    private long _taken;
    private int _held; // batches that the trainer still reads
    private volatile bool _stopping;
    private Exception? _failure;

    /// <param name="corpus">The pairs.</param>
    /// <param name="options">Token budget, batches a step, and the seed that orders them.</param>
    /// <param name="config">The model's marks.</param>
    /// <param name="skip">Batches that an earlier run has used.</param>
    public BatchQueue(EncodedCorpus corpus, TrainingOptions options, ModelConfig config, long skip)
    {
        ArgumentOutOfRangeException.ThrowIfZero(corpus.Count, nameof(corpus)); // an epoch without batches would never end
        (_corpus, _config, _skip) = (corpus, config, skip);
        _plan = new BatchPlan(corpus, options.BatchTokens, options.Seed);
        _ring = new Batch[Ahead + options.AccumulatedBatches];
        for (var i = 0; i < _ring.Length; i++) _ring[i] = new Batch(options.BatchTokens);
        _thread = new Thread(Prepare) { IsBackground = true, Name = "multihead batches" };
        _thread.Start();
    }

    /// <summary>The next batches, valid until the next call.</summary>
    public void Next(Span<Batch> batches)
    {
        lock (_gate)
        {
            _taken += _held;
            _held = batches.Length;
            Monitor.PulseAll(_gate);
            while (_filled - _taken < _held && _failure is null) Monitor.Wait(_gate);
            if (_failure is not null) throw new InvalidOperationException("preparing batches failed", _failure);
            for (var i = 0; i < _held; i++) batches[i] = _ring[(_taken + i) % _ring.Length];
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
    }

    private void Prepare()
    {
        try
        {
            for (var epoch = 0; PrepareEpoch(epoch); epoch++) { }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failure = e;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool PrepareEpoch(int epoch)
    {
        if (_stopping) return false; // while whole epochs are skipped
        _plan.Plan(epoch);
        for (var i = 0; i < _plan.BatchCount; i++)
        {
            if (_skip > 0)
            {
                _skip--;
                continue;
            }
            if (!WaitForRoom()) return false;
            _ring[_filled % _ring.Length].Fill(_corpus, _plan[i], _config);
            lock (_gate)
            {
                _filled++;
                Monitor.PulseAll(_gate);
            }
        }
        return true;
    }

    private bool WaitForRoom()
    {
        lock (_gate)
        {
            while (_filled - _taken == _ring.Length && !_stopping) Monitor.Wait(_gate);
            return !_stopping;
        }
    }
}
