using System.Runtime.InteropServices;
using Multihead.Kernels.RandomNumbers;

namespace Multihead.Tensors;

/// <summary>All weights of a model in one flat piece of memory, so that an optimizer is one sweep, a snapshot one copy, and the
/// order of declaration the order of everything.</summary>
internal sealed unsafe class ParameterStore : IDisposable
{
    private const int Alignment = 16; // floats: every weight begins on a cache line

    private readonly List<Weight> _weights = [];
    private void* _valueBlock;
    private void* _gradientBlock;
    private ushort* _halves; // the values rounded to bf16; null until an optimizer makes such a copy
    private float* _values;
    private float* _gradients;
    private Gradient* _marks;

    /// <summary>The weights in order of declaration.</summary>
    public IReadOnlyList<Weight> Weights => _weights;

    /// <summary>Numbers learned, as papers count them: without the gaps between weights.</summary>
    public long ParameterCount => _weights.Sum(w => w.Count);

    /// <summary>Floats of flat memory, gaps included (they stay zero).</summary>
    public long FlatCount { get; private set; }

    /// <summary>Who takes the values may change them: the bf16 copy is out of date from then on, until an optimizer has made it
    /// anew.</summary>
    public float* Values
    {
        get
        {
            ForgetHalves();
            return _values;
        }
    }

    /// <summary>Null unless allocated for learning.</summary>
    public float* Gradients => _gradients;

    /// <summary>Memory for the values rounded to bf16: an optimizer fills it as it changes the values, and then calls
    /// <see cref="HalvesAreUpToDate"/>.</summary>
    public ushort* HalvesToFill()
    {
        ForgetHalves();
        if (_halves == null) _halves = (ushort*)NativeMemory.AlignedAlloc((nuint)FlatCount * sizeof(ushort), 64);
        return _halves;
    }

    /// <summary>Lets products in bf16 read the copy, until somebody takes <see cref="Values"/>.</summary>
    public void HalvesAreUpToDate()
    {
        foreach (var weight in _weights) weight.Halves = _halves + (weight.Tensor.Data - _values);
    }

    /// <summary>Declares a weight of one part: a matrix [rows, columns].</summary>
    public Weight Matrix(string name, int rows, int columns, Initialization initialization, StoredForm form = StoredForm.Plain) =>
        Declare([new WeightPart(name, rows, false, form)], columns, initialization);

    /// <summary>Declares a weight that is a vector in files: [columns].</summary>
    public Weight Vector(string name, int columns, Initialization initialization, StoredForm form = StoredForm.Plain) =>
        Declare([new WeightPart(name, 1, true, form)], columns, initialization);

    /// <summary>Declares a weight made of several parts.</summary>
    public Weight Declare(IReadOnlyList<WeightPart> parts, int columns, Initialization initialization)
    {
        var weight = new Weight(parts, columns, initialization);
        _weights.Add(weight);
        return weight;
    }

    /// <summary>Takes the memory, all zero. Call once, after all declarations.</summary>
    public void Allocate(bool learning)
    {
        FlatCount = _weights.Sum(w => Aligned(w.Count));
        _values = AllocateZeroed(FlatCount, out _valueBlock);
        if (learning)
        {
            _gradients = AllocateZeroed(FlatCount, out _gradientBlock);
            _marks = (Gradient*)NativeMemory.AllocZeroed((nuint)_weights.Count, (nuint)sizeof(Gradient));
        }
        long offset = 0;
        for (var i = 0; i < _weights.Count; i++)
        {
            var weight = _weights[i];
            if (learning) _marks[i].Data = _gradients + offset;
            weight.Tensor = new Tensor(_values + offset, weight.Rows, weight.Columns, learning ? _marks + i : null);
            offset += Aligned(weight.Count);
        }
    }

    /// <summary>Draws the first values. A weight's draw depends on the seed and its place alone.</summary>
    public void Initialize(ulong seed)
    {
        ForgetHalves();
        for (var i = 0; i < _weights.Count; i++)
        {
            var weight = _weights[i];
            var random = new PhiloxGenerator(seed, (ulong)i);
            long row = 0;
            foreach (var part in weight.Parts)
            {
                var values = new Span<float>(weight.Tensor.Data + row * weight.Columns, checked(part.Rows * weight.Columns));
                Fill(values, weight.Initialization, part.Rows, weight.Columns, random);
                row += part.Rows;
            }
        }
    }

    /// <summary>Begins a new sum of gradients: the first who writes one overwrites it.</summary>
    public void ForgetGradients()
    {
        for (var i = 0; i < _weights.Count; i++) _marks[i].Written = false;
    }

    /// <summary>Sets to zero the gradients that no operation wrote, so that the flat memory holds the whole gradient.</summary>
    public void CompleteGradients()
    {
        for (var i = 0; i < _weights.Count; i++)
            if (!_marks[i].Written) NativeMemory.Clear(_marks[i].Data, (nuint)_weights[i].Count * sizeof(float));
    }

    /// <summary>Frees the memory; no handle on it may be used any more.</summary>
    public void Dispose()
    {
        foreach (var weight in _weights) weight.Unpack();
        ForgetHalves();
        NativeMemory.AlignedFree(_halves);
        NativeMemory.Free(_valueBlock);
        NativeMemory.Free(_gradientBlock);
        NativeMemory.Free(_marks);
        _valueBlock = _gradientBlock = null;
        _values = _gradients = null;
        _halves = null;
        _marks = null;
    }

    private void ForgetHalves()
    {
        foreach (var weight in _weights) weight.Halves = null;
    }

    private static void Fill(Span<float> values, Initialization kind, int rows, int columns, PhiloxGenerator random)
    {
        var bound = MathF.Sqrt(6f / (rows + columns));
        var deviation = 1 / MathF.Sqrt(columns);
        foreach (ref var value in values)
        {
            value = kind switch
            {
                Initialization.Zero => 0,
                Initialization.One => 1,
                Initialization.XavierUniform => (2 * random.NextFloat() - 1) * bound,
                Initialization.NormalByWidth => random.NextNormal() * deviation,
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            };
        }
    }

    private static long Aligned(long count) => (count + Alignment - 1) / Alignment * Alignment;

    // The system's fresh pages are zero: nothing is touched before it is used.
    private static float* AllocateZeroed(long count, out void* block)
    {
        const int lineBytes = Alignment * sizeof(float);
        block = NativeMemory.AllocZeroed((nuint)count * sizeof(float) + lineBytes);
        return (float*)(((nuint)block + lineBytes - 1) & ~(nuint)(lineBytes - 1));
    }
}
