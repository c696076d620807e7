using Multihead.Kernels.Activations;
using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;
using Multihead.Tensors;
using Multihead.Tensors.Operations;
using Multihead.Tests.Kernels;
using Multihead.Tests.Kernels.Activations;

namespace Multihead.Tests.Tensors.Operations;

/// <summary>The fused operation has the bits of its parts one after the other.</summary>
public unsafe class ExpandAndContractTests
{
    private const int Rows = 29, In = 40, Inner = 100, Out = 37;
    private const float Rate = 0.2f;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void HasTheBitsOfItsParts(bool dropsOut)
    {
        Compare<Relu>(dropsOut);
        Compare<Gelu>(dropsOut);
        Compare<Silu>(dropsOut);
    }

    [Fact]
    public void WithoutATapeItGivesTheSame()
    {
        using var team = new ThreadTeam(2);
        using var store = new ParameterStore();
        var weights = Weights(store);
        using var learning = new Workspace(team, new Tape());
        using var running = new Workspace(team);
        var expected = Fused<Gelu>(learning, Input(learning), weights);
        Widths.AssertSameBits(expected.Span, Fused<Gelu>(running, Input(running), weights).Span);
        foreach (var weight in weights) weight.Pack(team);
        Widths.AssertSameBits(expected.Span, Fused<Gelu>(running, Input(running), weights).Span);
        foreach (var weight in weights) weight.Unpack();
    }

    private static void Compare<TActivation>(bool dropsOut) where TActivation : unmanaged, IActivation
    {
        using var team = new ThreadTeam(2);
        using var store = new ParameterStore();
        var weights = Weights(store);
        using var fused = new Workspace(team, new Tape());
        fused.BeginStep(dropsOut ? 3UL : null);
        var x = Input(fused);
        var y = Fused<TActivation>(fused, x, weights);
        Send(fused, y);
        fused.Backward();
        var gradients = new Span<float>(store.Gradients, (int)store.FlatCount).ToArray();
        store.ForgetGradients();

        using Workspace first = new(team, new Tape()), second = new(team, new Tape());
        var key = new DropoutKey(3, 0);
        var x1 = Input(first);
        var sum = Linear.Apply(first, x1, weights[0], weights[1]);
        var inner = second.Allocate(Rows, Inner);
        FlatLoop.Run(team, new ActivationSteps.Forward<TActivation>(sum.Data, inner.Data), sum.Count);
        if (dropsOut) Dropout.Apply(team, inner.Data, inner.Data, inner.Count, Rate, key);
        var y1 = Linear.Apply(second, inner, weights[2], weights[3]);
        Widths.AssertSameBits(y1.Span, y.Span);

        Send(second, y1);
        second.Backward();
        var dsum = first.OpenGradient(sum, out _);
        var dinner = inner.Gradient->Data;
        if (dropsOut) Dropout.Backward(team, dinner, dinner, inner.Count, Rate, key, false);
        FlatLoop.Run(team, new ActivationSteps.Backward<TActivation>(sum.Data, dinner, dsum, false), sum.Count);
        first.Backward();
        AssertSameNumbers(new Span<float>(x1.Gradient->Data, Rows * In), new Span<float>(x.Gradient->Data, Rows * In));
        AssertSameNumbers(new Span<float>(store.Gradients, (int)store.FlatCount), gradients);
    }

    // To the bit but for the sign of a zero: where dropout and ReLU both say zero, the one that speaks last gives the sign.
    private static void AssertSameNumbers(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++) Assert.True(expected[i] == actual[i], $"{i}: {expected[i]:R} {actual[i]:R}");
    }

    private static Weight[] Weights(ParameterStore store)
    {
        Weight[] weights =
        [
            store.Matrix("W1", Inner, In, Initialization.Zero), store.Vector("b1", Inner, Initialization.Zero),
            store.Matrix("W2", Out, Inner, Initialization.Zero), store.Vector("b2", Out, Initialization.Zero),
        ];
        store.Allocate(learning: true);
        var random = new Random(4);
        foreach (var weight in weights)
            foreach (ref var value in weight.Tensor.Span) value = random.NextSingle() - 0.5f;
        return weights;
    }

    private static Tensor Input(Workspace w)
    {
        var random = new Random(5);
        var x = w.Allocate(Rows, In);
        foreach (ref var value in x.Span) value = random.NextSingle() - 0.5f;
        return x;
    }

    private static Tensor Fused<TActivation>(Workspace w, Tensor x, Weight[] weights) where TActivation : unmanaged, IActivation =>
        ExpandAndContract.Apply<TActivation>(w, x, weights[0], weights[1], weights[2], weights[3], Rate);

    private static void Send(Workspace w, Tensor y)
    {
        var dy = w.OpenGradient(y, out _);
        for (var i = 0; i < y.Count; i++) dy[i] = MathF.Sin(i);
    }
}
