using System.CommandLine;
using Multihead.Cli.Shell;

namespace Multihead.Cli.Commands;

/// <summary>Every command of the tool. A new one is its own file and one line here.</summary>
internal static class CommandList
{
    /// <summary>The root of the command line.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("Multihead: learn a Transformer from your own text, run it fast, look inside it.")
        {
            GlobalOptions.Verbose,
            GlobalOptions.Threads,
            GlobalOptions.NoJit,
            new QuickstartCommand(),
            new TrainCommand(),
            new TranslateCommand(),
            new GenerateCommand(),
            new PerplexityCommand(),
            new EvaluateCommand(),
            new ScoreCommand(),
            new CommandGroup("corpus", "Make training, validation and test files of parallel text.",
                new CorpusSdkCommand(), new CorpusSplitCommand()),
            new CommandGroup("tokenizer", "Learn a vocabulary, and turn text into token ids and back.",
                new TokenizerTrainCommand(), new TokenizerEncodeCommand(), new TokenizerDecodeCommand()),
            new CommandGroup("bench", "Measure speeds, and their share of what this machine can do.",
                new BenchPeakCommand(), new BenchGemmCommand(), new BenchAttentionCommand(), new BenchTrainCommand()),
            new DoctorCommand(),
        };
        HelpWithExamples.Install(root);
        return root;
    }
}
