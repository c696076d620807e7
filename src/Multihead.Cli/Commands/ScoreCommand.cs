using System.CommandLine;
using Multihead.Cli.Input;
using Multihead.Cli.Shell;
using Multihead.Text.Metrics;

namespace Multihead.Cli.Commands;

/// <summary>Scores a translation against its references with BLEU and chrF, or TER.</summary>
internal sealed class ScoreCommand : ToolCommand
{
    private const string BleuAndChrF = "bleu+chrf";

    private readonly Argument<string> _hypotheses = new("HYPOTHESES")
    {
        Description = "The translation, one segment a line; - for standard input.",
    };

    private readonly Argument<string[]> _references = new("REFERENCES")
    {
        Description = "One or more reference translations with as many lines.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _metric =
        ChoiceOption.Create("--metric", "What to compute.", BleuAndChrF, "bleu", "chrf", "chrf++", "ter");

    private readonly Option<string> _tokenize =
        ChoiceOption.Create("--tokenize", "How BLEU splits lines into tokens.", "13a", "intl", "char", "none");

    public ScoreCommand() : base("score", "Score a translation with BLEU, chrF or TER, as sacreBLEU counts them.")
    {
        Add(_hypotheses);
        Add(_references);
        Add(_metric);
        Add(_tokenize);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead score hypotheses.txt references.txt",
        "multihead score - references.txt --metric chrf++ --json < hypotheses.txt",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var (hypotheses, references) = ReadAligned(invocation.Get(_hypotheses), invocation.Get(_references));
        var scores = Scores(invocation.Get(_metric)!, Tokenization(invocation.Get(_tokenize)!), hypotheses, references).ToArray();
        foreach (var score in scores) invocation.Output.Result(score.Line);
        if (!invocation.Get(JsonOption.Instance)) return;
        invocation.Output.Json(json =>
        {
            foreach (var score in scores) json.WriteNumber(score.Name, score.Value);
            json.WriteString("signature", scores[0].Signature);
            foreach (var score in scores[1..]) json.WriteString($"{score.Name}Signature", score.Signature);
        });
    }

    private static IEnumerable<(string Name, double Value, string Signature, string Line)> Scores(
        string metric, BleuTokenization tokenization, List<string> hypotheses, List<string>[] references)
    {
        if (metric is BleuAndChrF or "bleu")
        {
            var bleu = Bleu.Corpus(hypotheses, references, new BleuOptions { Tokenization = tokenization });
            yield return ("bleu", bleu.Score, bleu.Signature, bleu.Format(2));
        }
        if (metric == "ter")
        {
            var ter = Ter.Corpus(hypotheses, references);
            yield return ("ter", ter.Score, ter.Signature, ter.Format(2));
        }
        if (metric is "bleu" or "ter") yield break;
        var words = metric == "chrf++" ? 2 : 0;
        var chrF = ChrF.Corpus(hypotheses, references, new ChrFOptions { WordOrder = words });
        yield return (words == 0 ? "chrf" : "chrf++", chrF.Score, chrF.Signature, chrF.Format(2));
    }

    private static BleuTokenization Tokenization(string name) => name switch
    {
        "intl" => BleuTokenization.International,
        "char" => BleuTokenization.Character,
        "none" => BleuTokenization.None,
        _ => BleuTokenization.V13a,
    };

    private static (List<string> Hypotheses, List<string>[] References) ReadAligned(
        string hypothesesPath, string[] referencePaths)
    {
        if (referencePaths.Append(hypothesesPath).Count(path => path == InputLines.StandardInput) > 1)
            throw new UsageException("Standard input (-) is given twice, but it can be read only once.");
        var hypotheses = InputLines.Read(hypothesesPath).ToList();
        if (hypotheses.Count == 0)
            throw new MultiheadException($"{InputLines.NameOf(hypothesesPath)} is empty; give one translation a line.");
        var references = new List<string>[referencePaths.Length];
        for (var i = 0; i < references.Length; i++)
        {
            references[i] = InputLines.Read(referencePaths[i]).ToList();
            if (references[i].Count != hypotheses.Count)
                throw new MultiheadException($"{InputLines.NameOf(hypothesesPath)} has {hypotheses.Count} lines and "
                    + $"{InputLines.NameOf(referencePaths[i])} has {references[i].Count}; a translation and its references must "
                    + "have as many lines.");
        }
        return (hypotheses, references);
    }
}
