using Multihead.Text.Corpora;
using Multihead.Training.Data;
using Multihead.Training.Recipes;

namespace Multihead.Tests.Training;

public sealed class ParallelDataTests : IDisposable
{
    private static readonly AlignedData Aligned =
        new() { TrainSource = "train.en", TrainTarget = "sub/train.de", ValidSource = "valid.en", ValidTarget = "valid.de" };

    private readonly ScratchFolder _folder = new();

    public ParallelDataTests()
    {
        Directory.CreateDirectory(_folder["sub"]);
        Write("train.en", "one", "two words here", "one", "");
        Write("sub/train.de", "eins", "zwei Wörter hier", "eins", "leer");
        Write("valid.en", "one two three four", "");
        Write("valid.de", "eins zwei drei vier", "nichts");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AlignedFilesAreReadBesideTheRecipeAndTrainingRowsAloneAreFiltered()
    {
        var data = Read(new Recipe { Data = Aligned, Filter = new CorpusFilter { MaxWords = 3 } });
        Assert.Equal([new("one", "eins"), new("two words here", "zwei Wörter hier")], data.Train);
        Assert.Equal([new("one two three four", "eins zwei drei vier"), new("", "nichts")], data.Valid);
        Assert.Empty(data.Test);
        Assert.Equal(2, data.Dropped.Sum(count => count.Rows)); // the empty one and the repeated one
    }

    [Fact]
    public void ATsvFileIsSplitByTheProgram()
    {
        Write("pairs.tsv", [.. Enumerable.Range(0, 2_000).Select(i => $"{i}\tword{Letters(i)} here\tWort{Letters(i)} hier")]);
        var data = Read(new Recipe { Data = new TsvData { Path = "pairs.tsv", SourceColumn = 2, TargetColumn = 3 } });
        Assert.All(new[] { data.Train.Count, data.Valid.Count, data.Test.Count }, count => Assert.InRange(count, 1, 1_999));
        Assert.Equal(2_000, data.Train.Count + data.Valid.Count + data.Test.Count);
        Assert.All(data.Test, pair => Assert.StartsWith("word", pair.Source, StringComparison.Ordinal));
    }

    [Fact]
    public void NothingToLearnFromIsSaidWithTheCounts()
    {
        var recipe = new Recipe { Data = Aligned, Filter = new CorpusFilter { MinWords = 100 } };
        Assert.Contains("leaves 0 training and 2 validation pairs", Message(recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFilesAndDifferentLineCountsAreNamed()
    {
        var missing = new Recipe { Data = new TsvData { Path = "nowhere.en" } };
        Assert.Contains(_folder["nowhere.en"], Message(missing), StringComparison.Ordinal);
        var uneven = new AlignedData
        {
            TrainSource = "train.en",
            TrainTarget = "valid.de",
            ValidSource = "valid.en",
            ValidTarget = "valid.de",
        };
        var message = Message(new Recipe { Data = uneven });
        Assert.Contains("4", message, StringComparison.Ordinal);
        Assert.Contains("2", message, StringComparison.Ordinal);
        Assert.Contains("train.en", message, StringComparison.Ordinal);
        Assert.Contains("valid.de", message, StringComparison.Ordinal);
    }

    private static string Letters(int number) => string.Concat($"{number}".Select(digit => (char)('a' + digit - '0')));

    private ParallelData Read(Recipe recipe) => ParallelData.Read(recipe, _folder.FullPath);

    private string Message(Recipe recipe) => Assert.Throws<MultiheadException>(() => Read(recipe)).Message;

    private void Write(string name, params string[] lines) =>
        File.WriteAllText(_folder[name], string.Concat(lines.Select(line => line + "\n")));
}
