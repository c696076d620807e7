[assembly: AssemblyFixture(typeof(Multihead.Cli.Tests.LearnedModel))]

namespace Multihead.Cli.Tests;

/// <summary>A model that "train" has learned from the tiny corpus, once for all tests that only look at it.</summary>
public sealed class LearnedModel : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Lazy<ToolResult> _training;

    public LearnedModel() => _training = new(Train);

    /// <summary>How the training ended.</summary>
    internal ToolResult Training => _training.Value;

    /// <summary>The folder of the run; must not be changed.</summary>
    internal string Folder => Training.ExitCode == 0 ? _folder["run"] : throw new InvalidOperationException(Training.Error);

    /// <summary>A file of the corpus, such as test.en.</summary>
    internal string Corpus(string name) => Folder.Length > 0 ? _folder[name] : "";

    public void Dispose() => _folder.Dispose();

    private ToolResult Train()
    {
        var recipe = TinyCorpus.Write(_folder, steps: 300, saveEvery: 20, modelDim: 64, pairs: 1000);
        return Tool.Run("train", recipe, "--out", _folder["run"], "--json", "--set", "model.dropout=0");
    }
}
