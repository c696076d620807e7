using Multihead.Kernels.Threading;
using Multihead.Tensors;

namespace Multihead.Tests.Tensors;

public sealed unsafe class TapeTests : IDisposable
{
    private readonly ThreadTeam _team = new(1);
    private readonly Tape _tape = new();
    private readonly Workspace _workspace;

    public TapeTests() => _workspace = new Workspace(_team, _tape);

    [Fact]
    public void PlaysFromLastToFirstAndForgets()
    {
        var log = stackalloc int[4];
        _tape.Record(new Note { Log = log, Value = 10 });
        _tape.Record(new LongNote { Log = log, Value = 20, Ballast = (1, 2, 3) });
        _tape.Record(new Note { Log = log, Value = 30 });
        Assert.Equal(3, _tape.Count);
        _workspace.Backward();
        Assert.Equal([3, 30, 20, 10], new Span<int>(log, 4).ToArray());
        Assert.Equal(0, _tape.Count);
        _workspace.Backward(); // nothing left
        Assert.Equal(3, log[0]);
    }

    [Fact]
    public void HoldsAnyNumberOfOperations()
    {
        const int count = 10_000;
        var log = (int*)_workspace.Arena.Take<int>(count + 1);
        for (var round = 0; round < 2; round++)
        {
            log[0] = 0;
            for (var i = 1; i <= count; i++) _tape.Record(new Note { Log = log, Value = i });
            _workspace.Backward();
            Assert.Equal(Enumerable.Range(1, count).Reverse(), new Span<int>(log + 1, count).ToArray());
        }
    }

    [Fact]
    public void BeginningAStepForgetsWhatWasRecorded()
    {
        var log = stackalloc int[2];
        _tape.Record(new Note { Log = log, Value = 1 });
        _workspace.BeginStep();
        _workspace.Backward();
        Assert.Equal(0, log[0]);
    }

    [Fact]
    public void WithoutATapeThereIsNothingToPlay()
    {
        using var workspace = new Workspace(_team);
        Assert.Null(workspace.Tape);
        Assert.Throws<InvalidOperationException>(workspace.Backward);
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _team.Dispose();
    }

    // log[0] counts, log[1..] are the values in the order of playing.
    private struct Note : IBackward
    {
        public int* Log;
        public int Value;

        public readonly void Backward(Workspace workspace) => Log[++Log[0]] = Value;
    }

    private struct LongNote : IBackward
    {
        public (long, long, long) Ballast;
        public int* Log;
        public int Value;

        public readonly void Backward(Workspace workspace) =>
            Log[++Log[0]] = Ballast == (1, 2, 3) ? Value : -1;
    }
}
