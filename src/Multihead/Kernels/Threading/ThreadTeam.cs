namespace Multihead.Kernels.Threading;

/// <summary>One piece of work cut into parts that are independent of each other. A plain struct of pointers and numbers: it
/// lives on the caller's stack, so running it allocates nothing.</summary>
internal interface IParallelJob
{
    /// <summary>Does part number <paramref name="part"/>. Which thread does which part is not defined, so a part's result must
    /// not depend on it.</summary>
    void Run(int part);
}

/// <summary>A persistent team of threads. Any number of callers may run jobs at once; each caller works on its own job, and idle
/// members join whichever job has parts left. Between jobs members spin briefly, then park.</summary>
internal sealed unsafe class ThreadTeam : IDisposable
{
    // Long enough to bridge the serial gaps inside a training step, short enough not to burn a core when idle.
    private const int SpinsBeforeParking = 2_000;
    private const int SlotCount = 16;

    private static readonly Lazy<ThreadTeam> LazyShared = new(() => new ThreadTeam(DefaultThreadCount()));

    private readonly Slot[] _slots = new Slot[SlotCount];
    private readonly Thread[] _members;
    private readonly object _parking = new();
    private int _parked;
    private volatile bool _stopping;

    /// <summary>Starts <paramref name="threadCount"/> - 1 members; the caller of <see cref="Run"/> is the last one.</summary>
    public ThreadTeam(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        for (var i = 0; i < SlotCount; i++) _slots[i] = new Slot();
        ThreadCount = threadCount;
        _members = new Thread[threadCount - 1];
        for (var i = 0; i < _members.Length; i++)
        {
            _members[i] = new Thread(MemberLoop) { IsBackground = true, Name = $"multihead {i + 1}" };
            _members[i].Start();
        }
    }

    /// <summary>The team of the process: one thread a processor, or as many as MULTIHEAD_THREADS says.</summary>
    public static ThreadTeam Shared => LazyShared.Value;

    /// <summary>Threads that work on a job, the caller included.</summary>
    public int ThreadCount { get; }

    /// <summary>Runs parts 0..<paramref name="partCount"/>-1 and returns when all are done. The first exception of a part is
    /// thrown here after the others have ended.</summary>
    public void Run<TJob>(in TJob job, int partCount) where TJob : unmanaged, IParallelJob
    {
        Slot? slot = partCount > 1 && _members.Length > 0 ? TakeSlot() : null;
        if (slot is null)
        {
            var local = job;
            for (var part = 0; part < partCount; part++) local.Run(part);
            return;
        }
        fixed (TJob* pointer = &job)
        {
            slot.Publish(pointer, &Invoke<TJob>, partCount);
            if (Volatile.Read(ref _parked) > 0)
                lock (_parking) Monitor.PulseAll(_parking);
            slot.Work();
            slot.Retire();
        }
        slot.Release();
    }

    /// <summary>Ends the members; running jobs are finished first by their callers.</summary>
    public void Dispose()
    {
        _stopping = true;
        lock (_parking) Monitor.PulseAll(_parking);
        foreach (var member in _members) member.Join();
    }

    private static void Invoke<TJob>(void* job, int part) where TJob : unmanaged, IParallelJob => ((TJob*)job)->Run(part);

    private static int DefaultThreadCount() =>
        int.TryParse(Environment.GetEnvironmentVariable("MULTIHEAD_THREADS"), out var count) && count is > 0 and <= 1024
            ? count
            : Environment.ProcessorCount;

    private Slot? TakeSlot()
    {
        foreach (var slot in _slots)
            if (slot.TryTake()) return slot;
        return null; // more callers at once than slots: this one works alone
    }

    private void MemberLoop()
    {
        var idle = 0;
        while (!_stopping)
        {
            if (WorkOnce()) idle = 0;
            else if (++idle < SpinsBeforeParking) Thread.SpinWait(8);
            else
            {
                Park();
                idle = 0;
            }
        }
    }

    private bool WorkOnce()
    {
        var worked = false;
        foreach (var slot in _slots) worked |= slot.Join();
        return worked;
    }

    private void Park()
    {
        lock (_parking)
        {
            Interlocked.Increment(ref _parked);
            // A job published before the increment did not see this member; look once more before sleeping.
            if (!_stopping && !Array.Exists(_slots, static slot => slot.HasWork)) Monitor.Wait(_parking);
            Interlocked.Decrement(ref _parked);
        }
    }

    /// <summary>Where one caller's job is offered. Members announce themselves in <c>_visitors</c> before they touch the job, and
    /// the caller returns only when no visitor is left, so the job may live on the caller's stack.</summary>
    private sealed class Slot
    {
        private int _taken;
        private int _open;
        private int _visitors;
        private int _next;
        private int _partCount;
        private void* _job;
        private delegate*<void*, int, void> _invoke;
        private Exception? _failure;

        public bool HasWork => Volatile.Read(ref _open) != 0 && Volatile.Read(ref _next) < _partCount;

        public bool TryTake() => Volatile.Read(ref _taken) == 0 && Interlocked.CompareExchange(ref _taken, 1, 0) == 0;

        public void Publish(void* job, delegate*<void*, int, void> invoke, int partCount)
        {
            _job = job;
            _invoke = invoke;
            _partCount = partCount;
            _next = 0;
            _failure = null;
            Interlocked.Exchange(ref _open, 1);
        }

        public bool Join()
        {
            if (!HasWork) return false;
            Interlocked.Increment(ref _visitors);
            var worked = Volatile.Read(ref _open) != 0 && Work();
            Interlocked.Decrement(ref _visitors);
            return worked;
        }

        public bool Work()
        {
            var worked = false;
            for (int part; (part = Interlocked.Increment(ref _next) - 1) < _partCount; worked = true)
            {
                try { _invoke(_job, part); }
                catch (Exception e) { Interlocked.CompareExchange(ref _failure, e, null); }
            }
            return worked;
        }

        public void Retire()
        {
            Interlocked.Exchange(ref _open, 0);
            var wait = default(SpinWait);
            while (Volatile.Read(ref _visitors) != 0) wait.SpinOnce(sleep1Threshold: -1);
        }

        public void Release()
        {
            var failure = _failure;
            Volatile.Write(ref _taken, 0);
            if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
