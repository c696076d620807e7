using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Inference;

/// <summary>Workspaces for callers that come at once: each call rents one of its own, and closing waits for those at work.
/// </summary>
internal sealed class WorkspacePool(ThreadTeam team, string ownerName) : IDisposable
{
    private readonly Stack<Workspace> _idle = [];
    private readonly object _gate = new();
    private int _rented;
    private bool _closed;

    /// <summary>A workspace until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public Lease Rent()
    {
        lock (_gate)
        {
            if (_closed) throw new ObjectDisposedException(ownerName);
            _rented++;
            return new Lease(this, _idle.Count > 0 ? _idle.Pop() : new Workspace(team));
        }
    }

    /// <summary>Refuses new calls, waits for those at work, and frees the memory.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_rented > 0) Monitor.Wait(_gate);
            while (_idle.Count > 0) _idle.Pop().Dispose();
        }
    }

    private void Return(Workspace workspace)
    {
        lock (_gate)
        {
            _idle.Push(workspace);
            _rented--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>One caller's use of a workspace.</summary>
    internal sealed class Lease(WorkspacePool pool, Workspace workspace) : IDisposable
    {
        private bool _returned;

        public Workspace Workspace { get; } = workspace;

        public void Dispose()
        {
            if (_returned) return;
            _returned = true;
            pool.Return(Workspace);
        }
    }
}
