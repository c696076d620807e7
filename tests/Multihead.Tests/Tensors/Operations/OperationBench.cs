using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Tests.Tensors.Operations;

/// <summary>Where the engine runs an <see cref="OperationCase"/>: a learning workspace with the case's variables. Memory begins
/// as NaN, so that whoever adds where nothing was written is found out.</summary>
internal sealed unsafe class OperationBench : IDisposable
{
    private readonly ThreadTeam _team = new(2);
    private readonly ParameterStore _store = new();
    private readonly Dictionary<string, Tensor> _inputs = [];
    private readonly Dictionary<string, Weight> _weights = [];
    private readonly IReadOnlyDictionary<string, float[]> _values;
    private readonly IReadOnlyList<Variable> _variables;
    private int _sent;

    public OperationBench(IReadOnlyList<Variable> variables, IReadOnlyDictionary<string, float[]> values)
    {
        (_variables, _values) = (variables, values);
        Workspace = new Workspace(_team, new Tape());
        foreach (var variable in variables.Where(v => v.IsWeight))
            _weights[variable.Name] = _store.Matrix(variable.Name, variable.Rows, variable.Columns, Initialization.Zero);
        _store.Allocate(learning: true);
        foreach (var (name, weight) in _weights) values[name].CopyTo(weight.Tensor.Span);
        new Span<float>(_store.Gradients, (int)_store.FlatCount).Fill(float.NaN);
        _store.ForgetGradients();
        const int poisoned = 200_000; // more than any case takes
        new Span<float>(Workspace.Arena.Take<float>(poisoned), poisoned).Fill(float.NaN);
    }

    public Workspace Workspace { get; }

    public Tensor Input(string name) => _inputs[name];

    /// <summary>A copy of an input, for an operation that takes the memory of what it is given.</summary>
    public Tensor Copy(string name)
    {
        var input = Input(name);
        var record = new CopyRecord { X = input, Y = Workspace.Allocate(input.Rows, input.Columns) };
        input.Span.CopyTo(record.Y.Span);
        Workspace.Tape!.Record(record);
        return record.Y;
    }

    public Weight Weight(string name) => _weights[name];

    /// <summary>The tensor of a variable, whichever kind it is.</summary>
    public Tensor this[string name] => _inputs.TryGetValue(name, out var input) ? input : _weights[name].Tensor;

    /// <summary>Begins a step; inputs are new, the gradients of weights gather over steps.</summary>
    public void BeginStep(ulong? dropoutSeed)
    {
        Workspace.BeginStep(dropoutSeed);
        _sent = 0;
        foreach (var variable in _variables.Where(v => !v.IsWeight))
        {
            _inputs[variable.Name] = Workspace.Allocate(variable.Rows, variable.Columns);
            _values[variable.Name].CopyTo(_inputs[variable.Name].Span);
        }
    }

    /// <summary>Makes the loss a sum over the elements of <paramref name="y"/>, each times a factor of its own: sends those
    /// factors in as its gradient and returns the sum.</summary>
    public double Send(Tensor y)
    {
        var gradient = Workspace.OpenGradientToAdd(y);
        var loss = 0.0;
        for (var i = 0; i < y.Count; i++)
        {
            var factor = PlainBench.Factor(_sent, i);
            gradient[i] += factor;
            loss += factor * (double)y.Data[i];
        }
        _sent++;
        return loss;
    }

    /// <summary>Plays the tape; what no operation wrote is zero.</summary>
    public void Backward()
    {
        Workspace.Backward();
        _store.CompleteGradients();
    }

    /// <summary>The gradient of a variable.</summary>
    public float[] Gradient(Variable variable)
    {
        var tensor = this[variable.Name];
        if (!variable.IsWeight && !tensor.HasGradient) return new float[variable.Count];
        return new ReadOnlySpan<float>(tensor.Gradient->Data, variable.Count).ToArray();
    }

    public void Dispose()
    {
        Workspace.Dispose();
        _store.Dispose();
        _team.Dispose();
    }

    private struct CopyRecord : IBackward
    {
        public Tensor X, Y;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            var dx = w.OpenGradientToAdd(X);
            for (var i = 0; i < X.Count; i++) dx[i] += Y.Gradient->Data[i];
        }
    }
}
