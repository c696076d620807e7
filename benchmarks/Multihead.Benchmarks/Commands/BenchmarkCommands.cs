using System.CommandLine;
using Multihead.Benchmarks.Harness;

namespace Multihead.Benchmarks.Commands;

/// <summary>The command line: a command for each suite, and the hidden one that child processes are started with.</summary>
internal static class BenchmarkCommands
{
    private static readonly Option<bool> Json = new("--json") { Description = "End with one line of JSON on standard output." };

    private static readonly Option<int> Pairs = new("--pairs")
    {
        Description = "Pairs of turns; the median of their ratios is told.",
        DefaultValueFactory = _ => 7,
    };

    private static readonly Option<string?> Case = new("--case") { Description = "Only cases whose name contains this." };

    private static readonly Option<string?> Baseline = new("--baseline")
    {
        Description = "Only baselines whose name contains this: libtorch, pytorch, openblas, \"libtorch bf16\".",
    };

    public static RootCommand CreateRoot(IReadOnlyList<Suite> suites)
    {
        Pairs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--pairs is 1 or more.");
        });
        var root = new RootCommand("Multihead beside other libraries: the same work, by turns, in paired processes.");
        foreach (var suite in suites) root.Add(SuiteCommand(suite));
        root.Add(ChildCommand(suites));
        return root;
    }

    private static Command SuiteCommand(Suite suite)
    {
        var command = new Command(suite.Name, suite.Description) { Json, Pairs, Case, Baseline };
        command.SetAction(parsed =>
        {
            var run = new SuiteRun(suite, parsed.GetValue(Pairs), parsed.GetValue(Baseline) ?? "");
            var results = run.Cases(parsed.GetValue(Case) ?? "");
            if (parsed.GetValue(Json)) Report.WriteJson(results, Console.Out);
            return results.Count > 0 && run.Faults == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command ChildCommand(IReadOnlyList<Suite> suites)
    {
        var suite = new Argument<string>("suite");
        var name = new Argument<string>("case");
        var contestant = new Argument<string>("contestant");
        var folder = new Argument<string>("folder");
        var command = new Command("child") { suite, name, contestant, folder };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var one = suites.Single(s => s.Name == parsed.GetValue(suite)).Cases.Single(c => c.Name == parsed.GetValue(name));
            return ChildLoop.Serve(one, Contestant.Parse(parsed.GetValue(contestant)!), new RunFolders(parsed.GetValue(folder)!));
        });
        return command;
    }
}
