namespace Multihead.Benchmarks.Harness;

/// <summary>Measures a suite case by case: the contestants of a case are started and compared with each other, then pairs of
/// them take turns while the others sleep.</summary>
/// <param name="suite">What to measure.</param>
/// <param name="pairs">Pairs of turns.</param>
/// <param name="baseline">Only baselines whose name contains this.</param>
internal sealed class SuiteRun(Suite suite, int pairs, string baseline)
{
    private readonly Ceilings _ceilings = new();
    private readonly HashSet<string> _told = [];

    /// <summary>Contestants that gave other results than ours; they were not timed.</summary>
    public int Faults { get; private set; }

    /// <summary>Measures the cases whose name contains <paramref name="name"/>; what is going on, and which contestants are left
    /// out, is told on standard error.</summary>
    public IReadOnlyList<CaseResult> Cases(string name)
    {
        List<CaseResult> results = [];
        foreach (var one in suite.Cases.Where(c => c.Name.Contains(name, StringComparison.Ordinal)))
        {
            using var folder = new TemporaryFolder();
            results.AddRange(Measure(one, new RunFolders(folder.FullName)));
        }
        return results;
    }

    private List<CaseResult> Measure(BenchmarkCase one, RunFolders folders)
    {
        one.WriteInputs(folders.Inputs);
        Dictionary<Contestant, Child?> children = [];
        List<CaseResult> results = [];
        try
        {
            foreach (var pairing in one.Pairings.Where(p => p.Theirs.Name.Contains(baseline, StringComparison.Ordinal)))
            {
                if (Find(children, one, pairing.Ours, folders) is not { } ours) continue;
                if (Find(children, one, pairing.Theirs, folders) is not { } theirs) continue;
                var (mine, other) = (folders.Results(pairing.Ours), folders.Results(pairing.Theirs));
                if (Agreement.Fault(mine, other, pairing.Tolerance) is { } fault)
                {
                    Faults++;
                    Console.Error.WriteLine($"{one.Name}: {pairing.Ours.Name} and {pairing.Theirs.Name} disagree: {fault}");
                    continue;
                }
                results.Add(Measure(one, pairing, ours, theirs));
                Console.Error.WriteLine(Report.Line(results[^1]));
            }
            return results;
        }
        finally
        {
            foreach (var child in children.Values) child?.Dispose();
        }
    }

    private CaseResult Measure(BenchmarkCase one, Pairing pairing, Child ours, Child theirs)
    {
        _ceilings.Measure();
        var speeds = PairedTurns.Measure(ours, theirs, one.Turn, pairs);
        _ceilings.Measure();
        var (our, their) = (PairedTurns.Median(speeds.Select(s => s.Ours)), PairedTurns.Median(speeds.Select(s => s.Theirs)));
        var ratios = speeds.Select(s => s.Ours / s.Theirs).ToArray();
        _ceilings.Saw(pairing.Ours.Precision, our * one.FlopsPerStep);
        return new CaseResult(one.Name, pairing.Ours.Precision, pairing.Theirs.Name, one.Unit, our * one.UnitsPerStep,
            their * one.UnitsPerStep, PairedTurns.Median(ratios), ratios.Min(), ratios.Max(),
            our * one.FlopsPerStep / _ceilings.Of(pairing.Ours.Precision), ours.PeakMegabytes, theirs.PeakMegabytes);
    }

    // Starts a contestant where it is needed first, and warms it up: the runtime compiles its fast code in that time.
    private Child? Find(Dictionary<Contestant, Child?> children, BenchmarkCase one, Contestant contestant, RunFolders folders)
    {
        if (children.TryGetValue(contestant, out var child)) return child;
        try
        {
            child = Child.Start(suite.Name, one, contestant, folders);
            child.Turn(2 * one.Turn);
        }
        catch (ContestantException e)
        {
            if (_told.Add(e.Message)) Console.Error.WriteLine(e.Message);
            child?.Dispose();
            child = null;
        }
        return children[contestant] = child;
    }
}
