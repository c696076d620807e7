using System.Runtime.InteropServices;

namespace Multihead.Tensors;

/// <summary>What an operation keeps of its forward pass to send gradients back: a plain struct of handles and numbers.</summary>
internal interface IBackward
{
    /// <summary>Adds to the gradients of the operation's inputs what the gradient of its output says.</summary>
    void Backward(Workspace workspace);
}

/// <summary>The operations of a forward pass in order, played backward for the gradients. Records lie in native memory that is
/// used again every step.</summary>
internal sealed unsafe class Tape : IDisposable
{
    private struct Entry
    {
        public void* Record;
        public delegate*<void*, Workspace, void> Play;
        public int Outputs; // gradients of this operation's outputs and all before
    }

    private readonly Arena _records = new();
    private readonly List<nint> _outputs = []; // Gradient*
    private Entry* _entries;
    private int _count;
    private int _capacity;

    /// <summary>Operations recorded.</summary>
    public int Count => _count;

    /// <summary>Tells of an output of the operation that is recorded next: once that has been played backward, nobody reads the
    /// output's gradient any more.</summary>
    public void Add(Gradient* output) => _outputs.Add((nint)output);

    /// <summary>Appends one operation.</summary>
    public void Record<TRecord>(in TRecord record) where TRecord : unmanaged, IBackward
    {
        if (_count == _capacity) Grow();
        var copy = _records.Take<TRecord>(1);
        *copy = record;
        _entries[_count].Record = copy;
        _entries[_count].Play = &Play<TRecord>;
        _entries[_count].Outputs = _outputs.Count;
        _count++;
    }

    /// <summary>Plays all operations from last to first, then forgets them.</summary>
    public void Backward(Workspace workspace)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            _entries[i].Play(_entries[i].Record, workspace);
            for (var output = i > 0 ? _entries[i - 1].Outputs : 0; output < _entries[i].Outputs; output++)
                workspace.CloseGradient((Gradient*)_outputs[output]);
        }
        Clear();
    }

    /// <summary>Forgets the operations.</summary>
    public void Clear()
    {
        _count = 0;
        _outputs.Clear();
        _records.Reset();
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _records.Dispose();
        NativeMemory.Free(_entries);
        _entries = null;
        _count = _capacity = 0;
    }

    private static void Play<TRecord>(void* record, Workspace workspace) where TRecord : unmanaged, IBackward =>
        ((TRecord*)record)->Backward(workspace);

    private void Grow()
    {
        _capacity = Math.Max(256, _capacity * 2);
        _entries = (Entry*)NativeMemory.Realloc(_entries, (nuint)(_capacity * sizeof(Entry)));
    }
}
