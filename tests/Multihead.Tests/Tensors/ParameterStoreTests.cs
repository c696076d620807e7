using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Tests.Tensors;

public sealed unsafe class ParameterStoreTests : IDisposable
{
    private readonly ParameterStore _store = new();
    private readonly Weight _matrix;
    private readonly Weight _vector;
    private readonly Weight _parts;

    public ParameterStoreTests()
    {
        _matrix = _store.Matrix("matrix", 3, 7, Initialization.XavierUniform);
        _vector = _store.Vector("vector", 5, Initialization.One);
        _parts = _store.Declare([new("a", 2, false), new("b", 1, true), new("c", 4, false)], 6, Initialization.NormalByWidth);
    }

    [Fact]
    public void WeightsLieFlatInOrderOfDeclarationEachOnALine()
    {
        _store.Allocate(learning: true);
        Assert.Equal([_matrix, _vector, _parts], _store.Weights);
        Assert.Equal([0, 32, 48], _store.Weights.Select(OffsetOf));
        Assert.Equal(48 + 48, _store.FlatCount); // 42 numbers and 6 of a gap
        Assert.Equal(21 + 5 + 42, _store.ParameterCount);
        Assert.Equal((0, 0), ((nint)_store.Values % 64, (nint)_store.Gradients % 64));
        foreach (var weight in _store.Weights)
        {
            Assert.Equal((weight.Rows, weight.Columns), (weight.Tensor.Rows, weight.Tensor.Columns));
            Assert.Equal(OffsetOf(weight), weight.Tensor.Gradient->Data - _store.Gradients);
        }
        Assert.Equal((7, 6), (_parts.Rows, _parts.Columns));
        Assert.Equal(new float[96], new Span<float>(_store.Values, 96).ToArray());
        Assert.Equal(new float[96], new Span<float>(_store.Gradients, 96).ToArray());
    }

    [Fact]
    public void WithoutLearningThereAreNoGradients()
    {
        _store.Allocate(learning: false);
        Assert.True(_store.Gradients == null);
        Assert.True(_matrix.Tensor.Gradient == null);
    }

    [Fact]
    public void GapsStayZero()
    {
        _store.Allocate(learning: false);
        _store.Initialize(1);
        Assert.Equal(new float[11], new Span<float>(_store.Values + 21, 11).ToArray());
        Assert.Equal(new float[11], new Span<float>(_store.Values + 37, 11).ToArray());
        Assert.Equal(new float[6], new Span<float>(_store.Values + 90, 6).ToArray());
        Assert.Equal([1, 1, 1, 1, 1], _vector.Tensor.Span.ToArray());
        Assert.DoesNotContain(0, _matrix.Tensor.Span.ToArray());
        Assert.DoesNotContain(0, _parts.Tensor.Span.ToArray());
    }

    [Fact]
    public void ADrawDependsOnTheSeedAndThePlaceAlone()
    {
        _store.Allocate(learning: true);
        _store.Initialize(1);
        using var other = new ParameterStore();
        // What comes before is larger, what comes after is missing: the third weight's draw is the same.
        other.Matrix("x", 100, 100, Initialization.XavierUniform);
        other.Vector("y", 900, Initialization.NormalByWidth);
        var third = other.Declare([new("a", 2, false), new("b", 1, true), new("c", 4, false)], 6, Initialization.NormalByWidth);
        other.Allocate(learning: false);
        other.Initialize(1);
        Assert.Equal(_parts.Tensor.Span.ToArray(), third.Tensor.Span.ToArray());
        other.Initialize(2);
        Assert.NotEqual(_parts.Tensor.Span.ToArray(), third.Tensor.Span.ToArray());
    }

    [Fact]
    public void GradientsThatNobodyWroteAreCompletedWithZeros()
    {
        _store.Allocate(learning: true);
        using var team = new ThreadTeam(1);
        using var workspace = new Workspace(team, new Tape());
        new Span<float>(_matrix.Tensor.Gradient->Data, 21).Fill(3); // of a step before
        new Span<float>(_parts.Tensor.Gradient->Data, 42).Fill(4);
        _store.ForgetGradients();
        workspace.OpenGradient(_vector.Tensor, out var accumulate)[0] = 5;
        Assert.False(accumulate);
        _store.CompleteGradients();
        Assert.Equal(new float[32], new Span<float>(_store.Gradients, 32).ToArray());
        Assert.Equal(5, _store.Gradients[32]);
        Assert.Equal(new float[42], new Span<float>(_store.Gradients + 48, 42).ToArray());
        workspace.OpenGradient(_vector.Tensor, out accumulate);
        Assert.True(accumulate);
    }

    [Fact]
    public void TheBf16CopyServesUntilSomebodyMayHaveChangedTheValues()
    {
        _store.Allocate(learning: true);
        Assert.Equal(ProductFormat.Fp32, _parts.Operand(ProductFormat.Bf16).Format);
        var halves = _store.HalvesToFill();
        Assert.Equal(ProductFormat.Fp32, _parts.Operand(ProductFormat.Bf16).Format);
        _store.HalvesAreUpToDate();
        var offset = _parts.Tensor.Data - _matrix.Tensor.Data;
        Assert.True(_parts.Operand(ProductFormat.Bf16).Halves == halves + offset);
        Assert.True(_parts.Operand(ProductFormat.Fp32).Data == _parts.Tensor.Data);
        foreach (var change in new[] { () => _store.Initialize(1), () => Assert.True(_store.Values != null) })
        {
            change();
            Assert.Equal(ProductFormat.Fp32, _parts.Operand(ProductFormat.Bf16).Format);
            _store.HalvesAreUpToDate();
        }
    }

    [Fact]
    public void AWeightIsPackedOnceAndUnpackedWithTheStore()
    {
        _store.Allocate(learning: false);
        using var team = new ThreadTeam(1);
        Assert.Null(_matrix.Packed);
        _matrix.Pack(team);
        var panels = (nint)_matrix.Packed!.Value.Panels;
        _matrix.Pack(team);
        var packed = _matrix.Packed!.Value;
        Assert.Equal((panels, 7, 3), ((nint)packed.Panels, packed.Depth, packed.Columns));
        _store.Dispose();
        Assert.Null(_matrix.Packed);
        Assert.True(_store.Values == null);
    }

    public void Dispose() => _store.Dispose();

    private long OffsetOf(Weight weight) => weight.Tensor.Data - _store.Values;
}
