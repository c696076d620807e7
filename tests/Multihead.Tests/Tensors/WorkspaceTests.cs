using Multihead.Kernels.RandomNumbers;
using Multihead.Kernels.Threading;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Tests.Tensors;

public sealed unsafe class WorkspaceTests : IDisposable
{
    private readonly ThreadTeam _team = new(1);
    private readonly Workspace _running;
    private readonly Workspace _learning;

    public WorkspaceTests() => (_running, _learning) = (new Workspace(_team), new Workspace(_team, new Tape()));

    [Fact]
    public void TensorsHaveGradientsWhereATapeRecords()
    {
        Assert.True(_running.Allocate(2, 3).Gradient == null);
        var tensor = _learning.Allocate(2, 3);
        Assert.True(tensor.Gradient != null);
        Assert.False(tensor.HasGradient);
        Assert.Equal((2, 3, 6L), (tensor.Rows, tensor.Columns, tensor.Count));
    }

    [Fact]
    public void TheFirstGradientOverwritesAndLaterOnesAdd()
    {
        var tensor = _learning.Allocate(2, 3);
        var first = _learning.OpenGradient(tensor, out var accumulate);
        Assert.False(accumulate);
        Assert.True(tensor.HasGradient);
        Assert.True(first == _learning.OpenGradient(tensor, out accumulate));
        Assert.True(accumulate);
    }

    [Fact]
    public void AGradientOpenedForAddingBeginsAsZero()
    {
        var memory = (nint)_learning.Arena.Take<float>(1000);
        new Span<float>((void*)memory, 1000).Fill(float.NaN);
        _learning.BeginStep();
        var tensor = _learning.Allocate(2, 3);
        var gradient = _learning.OpenGradientToAdd(tensor);
        Assert.Equal(new float[6], new Span<float>(gradient, 6).ToArray());
        gradient[4] = 5;
        Assert.Equal(5, _learning.OpenGradientToAdd(tensor)[4]);
    }

    [Fact]
    public void TheBackwardPassUsesTheMemoryOfGradientsAgain()
    {
        const int operations = 100;
        var x = _learning.Allocate(10, 10);
        var zeros = _learning.Allocate(10, 10);
        for (var i = 0; i < operations; i++) x = AddResidual.Apply(_learning, zeros, x, dropoutRate: 0);
        _learning.OpenGradient(x, out _)[0] = 1;
        var before = _learning.Arena.Mark();
        _learning.Backward();
        // All stand in one block; three gradients are alive at a time: of the output and of both inputs.
        Assert.Equal(before.Block, _learning.Arena.Mark().Block);
        Assert.InRange(_learning.Arena.Mark().Used - before.Used, 1, 3 * 512);
    }

    [Fact]
    public void KeepsCopiesOfTheCallersNumbers()
    {
        int[] mine = [1, 2, 3];
        var kept = _running.Keep<int>(mine);
        mine[1] = 7;
        Assert.Equal([1, 2, 3], new Span<int>(kept, 3).ToArray());
    }

    [Fact]
    public void OperationsThatDropOutAreNumberedAnewInEveryStep()
    {
        Assert.False(_running.DropsOut);
        for (var step = 0; step < 2; step++)
        {
            _running.BeginStep(dropoutSeed: 9);
            Assert.True(_running.DropsOut);
            Assert.Equal([new(9, 0), new(9, 1), new(9, 2)],
                new DropoutKey[] { _running.NextDropoutKey(), _running.NextDropoutKey(), _running.NextDropoutKey() });
        }
        _running.BeginStep();
        Assert.False(_running.DropsOut);
    }

    public void Dispose()
    {
        _running.Dispose();
        _learning.Dispose();
        _team.Dispose();
    }
}
