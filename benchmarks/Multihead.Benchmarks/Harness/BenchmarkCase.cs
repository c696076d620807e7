namespace Multihead.Benchmarks.Harness;

/// <summary>One piece of work that every contestant does in its own way, from the same inputs.</summary>
internal abstract class BenchmarkCase
{
    /// <summary>Threads of every contestant.</summary>
    public const int Threads = 2;

    public abstract string Name { get; }

    /// <summary>What speeds are told in, a second.</summary>
    public abstract string Unit { get; }

    /// <summary>How many <see cref="Unit"/>s one step of the work is.</summary>
    public abstract double UnitsPerStep { get; }

    /// <summary>Floating-point operations of one step; a multiply-add is two.</summary>
    public abstract double FlopsPerStep { get; }

    /// <summary>How long a turn lasts at least; a turn has one step at least.</summary>
    public abstract TimeSpan Turn { get; }

    /// <summary>Whom to compare, in the order of the results.</summary>
    public abstract IReadOnlyList<Pairing> Pairings { get; }

    /// <summary>The Python script that does the work for <see cref="Contestant.Pytorch"/>, and its arguments.</summary>
    public abstract IReadOnlyList<string> Script { get; }

    /// <summary>Writes what all contestants begin with.</summary>
    public abstract void WriteInputs(Exchange inputs);

    /// <summary>Makes the work of a contestant that is written in C#; called in the child process.</summary>
    public abstract IWork Prepare(Contestant contestant, Exchange inputs);
}

/// <summary>What a child process does again and again.</summary>
internal interface IWork : IDisposable
{
    /// <summary>The whole work, once.</summary>
    void Step();

    /// <summary>Writes what the first step has computed.</summary>
    void WriteResults(Exchange results);
}
