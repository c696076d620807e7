using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Threading;

namespace Multihead.Tensors;

/// <summary>Where a model computes: the threads, the memory of the step, and, when learning, the tape and the random streams of
/// dropout. One caller at a time; make one for each.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly GradientPool _gradients;
    private ulong _dropoutSeed;
    private ulong _dropoutStream;

    /// <param name="team">The threads.</param>
    /// <param name="tape">Records operations; null when nothing is to be learned.</param>
    /// <param name="arena">Memory that is shared with a workspace which rests meanwhile; null for memory of its own.</param>
    public Workspace(ThreadTeam team, Tape? tape = null, Arena? arena = null)
    {
        (Team, Tape, Arena) = (team, tape, arena ?? new Arena());
        _gradients = new GradientPool(Arena);
    }

    public ThreadTeam Team { get; }

    /// <summary>What both sides of a product are rounded to; sums are fp32 in any format.</summary>
    public ProductFormat ProductFormat { get; init; } = ProductFormat.Fp32;

    public Arena Arena { get; }

    /// <summary>Records operations; null when nothing is to be learned, and then operations keep nothing.</summary>
    public Tape? Tape { get; }

    /// <summary>Whether dropout is on: between <see cref="BeginStep"/> with a seed and the next without.</summary>
    public bool DropsOut { get; private set; }

    /// <summary>Gives back the memory of the step before and forgets its tape.</summary>
    /// <param name="dropoutSeed">Turns dropout on: the same seed repeats the same masks. Null turns it off.</param>
    public void BeginStep(ulong? dropoutSeed = null)
    {
        Arena.Reset();
        _gradients.Clear();
        Tape?.Clear();
        DropsOut = dropoutSeed.HasValue;
        _dropoutSeed = dropoutSeed ?? 0;
        _dropoutStream = 0;
    }

    /// <summary>The key of the next operation that drops out; operations are numbered in forward order.</summary>
    public DropoutKey NextDropoutKey() => new(_dropoutSeed, _dropoutStream++);

    /// <summary>A new tensor, its content undefined; with a gradient when a tape records.</summary>
    public Tensor Allocate(int rows, int columns)
    {
        var gradient = NewGradient();
        return new Tensor(Arena.Take<float>((long)rows * columns), rows, columns, gradient);
    }

    /// <summary>A new tensor in the memory of one whose values nobody will read any more, with a gradient of its own.</summary>
    public Tensor Replace(in Tensor old) => new(old.Data, old.Rows, old.Columns, NewGradient());

    /// <summary>Copies numbers of the caller's to where the backward pass finds them.</summary>
    public T* Keep<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var kept = Arena.Take<T>(values.Length);
        values.CopyTo(new Span<T>(kept, values.Length));
        return kept;
    }

    /// <summary>Opens a tensor's gradient for writing; not between a mark of the arena and its release.</summary>
    /// <param name="tensor">A tensor that has a gradient.</param>
    /// <param name="accumulate">Whether to add to what is there, rather than to overwrite it.</param>
    public float* OpenGradient(in Tensor tensor, out bool accumulate)
    {
        var gradient = tensor.Gradient;
        if (gradient->Data == null) _gradients.Open(gradient, tensor.Count);
        accumulate = gradient->Written;
        gradient->Written = true;
        return gradient->Data;
    }

    /// <summary>Opens a tensor's gradient for adding: where nothing stands yet it is zero.</summary>
    public float* OpenGradientToAdd(in Tensor tensor)
    {
        var gradient = OpenGradient(tensor, out var accumulate);
        if (!accumulate) VectorFill.Fill(Team, gradient, tensor.Count, 0);
        return gradient;
    }

    /// <summary>Gives back the memory of a gradient that nobody will read any more.</summary>
    public void CloseGradient(Gradient* gradient) => _gradients.Close(gradient);

    /// <summary>Plays the tape.</summary>
    public void Backward() => (Tape ?? throw new InvalidOperationException("nothing was recorded")).Backward(this);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Arena.Dispose();
        Tape?.Dispose();
    }

    private Gradient* NewGradient()
    {
        if (Tape is null) return null;
        var gradient = Arena.Take<Gradient>(1);
        *gradient = default;
        Tape.Add(gradient);
        return gradient;
    }
}
