using System.Globalization;
using Multihead.Inference;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Models.Formats;
using Multihead.Tests.Kernels;

namespace Multihead.Tests.Models.Checkpoints;

/// <summary>Checkpoints of earlier versions load and translate as they did.</summary>
public class CheckpointTests
{
    /// <summary>Each closed issue leaves one or more.</summary>
    public static TheoryData<string> Names => ["issue-2/post-norm", "issue-2/pre-norm"];

    /// <summary>The folder of a committed checkpoint.</summary>
    internal static string FolderOf(string name) =>
        Path.Combine([TestData.RepositoryRoot(), "tests", "Multihead.Tests", "Models", "Checkpoints", .. name.Split('/')]);

    [Theory, MemberData(nameof(Names))]
    public void TranslatesAsWhenItWasMade(string name)
    {
        var expected = File.ReadLines(Path.Combine(FolderOf(name), "expected.tsv")).Select(line => line.Split('\t')).ToArray();
        using var translator = Translator.Load(FolderOf(name));
        foreach (var row in expected)
        {
            var translation = Translate(translator, row[0]);
            Assert.Equal(row[1], translation.Text);
            // Other vector widths add up in another order.
            Assert.Equal(double.Parse(row[2], CultureInfo.InvariantCulture), translation.Score, 1e-3);
        }
        var together = translator.TranslateBatch([.. expected.Select(row => row[0])],
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(expected.Select(row => row[1]), together.Select(t => t.Text));
    }

    [Theory, MemberData(nameof(Names))]
    public unsafe void SavedAgainItIsTheSame(string name)
    {
        using var scratch = new ScratchFolder();
        var (model, tokenizer) = Checkpoint.Load(FolderOf(name), learning: false);
        using var first = model;
        var store = first.Parameters;
        tokenizer.Save(scratch["tokenizer.json"]);
        ModelConfigJson.Write(scratch["config.json"], first.Config);
        SafetensorsWriter.Write(scratch["model.safetensors"], [.. WeightFile.Sources(store, (nint)store.Values)]);

        (model, var sameTokenizer) = Checkpoint.Load(scratch.FullPath, learning: false);
        using var second = model;
        Assert.Equal(first.Config, second.Config);
        Widths.AssertSameBits(new(store.Values, (int)store.FlatCount), new(second.Parameters.Values, (int)store.FlatCount));
        const string text = "schön, was not found";
        Assert.Equal(tokenizer.Encode(text).ToArray(), sameTokenizer.Encode(text).ToArray());
    }

    internal static Translation Translate(Translator translator, string text) =>
        translator.Translate(text, cancellation: TestContext.Current.CancellationToken);
}
