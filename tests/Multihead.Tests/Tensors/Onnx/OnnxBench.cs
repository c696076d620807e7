using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Tests.Tensors.Onnx;

/// <summary>Where a fixture is run.</summary>
internal sealed unsafe class OnnxBench : IDisposable
{
    private readonly List<ParameterStore> _stores = [];

    public OnnxBench() => Workspace = new Workspace(Team);

    public ThreadTeam Team { get; } = new(2);

    public Workspace Workspace { get; }

    public Tensor Tensor(float[] values, int rows, int columns) => new(Workspace.Keep<float>(values), rows, columns, null);

    public Weight Weight(float[] values, int rows, int columns)
    {
        var store = new ParameterStore();
        _stores.Add(store);
        var weight = store.Matrix("weight", rows, columns, Initialization.Zero);
        store.Allocate(learning: false);
        values.CopyTo(weight.Tensor.Span);
        return weight;
    }

    /// <summary>Compares with what the fixture says, which is rounded to single precision, as ours is.</summary>
    public static void AssertClose(IReadOnlyList<double> expected, ReadOnlySpan<float> actual, double tolerance = 2e-6)
    {
        Assert.Equal(expected.Count, actual.Length);
        Kernels.Close.Assert(i => expected[i], actual, tolerance, tolerance, "output");
    }

    public void Dispose()
    {
        Workspace.Dispose();
        foreach (var store in _stores) store.Dispose();
        Team.Dispose();
    }
}
