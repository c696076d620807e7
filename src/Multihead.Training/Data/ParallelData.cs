using Multihead.Text.Corpora;
using Multihead.Training.Recipes;

namespace Multihead.Training.Data;

/// <summary>The pairs of a run: to learn from, to choose by, and, where the program made the split, to judge by.</summary>
/// <param name="Train">Filtered.</param>
/// <param name="Valid">Never filtered.</param>
/// <param name="Test">Never filtered; empty where the recipe brings its own split.</param>
/// <param name="Dropped">What was left out, and why.</param>
internal sealed record ParallelData(IReadOnlyList<SentencePair> Train, IReadOnlyList<SentencePair> Valid,
    IReadOnlyList<SentencePair> Test, IReadOnlyList<RowCount> Dropped)
{
    /// <summary>Reads what the recipe names, splits it where needed, and filters the training pairs.</summary>
    /// <param name="recipe">Says what to read.</param>
    /// <param name="folder">What relative paths begin at.</param>
    /// <exception cref="MultiheadException">A file cannot be used, or nothing is left to learn from.</exception>
    public static ParallelData Read(Recipe recipe, string folder)
    {
        var data = recipe.Data switch
        {
            SdkData sdk => Split(SdkCorpus.Read(sdk.From, sdk.To)),
            TsvData tsv => Split(TsvFile.Read(Path.Combine(folder, tsv.Path), tsv.SourceColumn, tsv.TargetColumn)),
            AlignedData aligned => ReadAligned(aligned, folder),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe)),
        };
        data = data.Filtered(recipe.Filter);
        if (data.Train.Count == 0 || data.Valid.Count == 0)
            throw new MultiheadException($"The data leaves {data.Train.Count} training and {data.Valid.Count} validation pairs, "
                + "but both need at least one; give more text or loosen the filter.");
        return data;
    }

    /// <summary>Splits a corpus into three parts that share no message.</summary>
    public static ParallelData Split(ParallelCorpus corpus)
    {
        var split = CorpusSplit.Of(corpus.Pairs);
        return new ParallelData(split.Train, split.Valid, split.Test, [.. corpus.Dropped, .. split.Dropped]);
    }

    /// <summary>The same with fewer training pairs; the others are what is measured, and stay.</summary>
    public ParallelData Filtered(CorpusFilter filter)
    {
        var filtered = filter.Apply(Train);
        var dropped = filtered.Dropped.Select(count => count with { Reason = $"{count.Reason} (training only)" });
        return this with { Train = filtered.Kept, Dropped = [.. Dropped, .. dropped] };
    }

    private static ParallelData ReadAligned(AlignedData aligned, string folder)
    {
        var train = Read(aligned.TrainSource, aligned.TrainTarget);
        var valid = Read(aligned.ValidSource, aligned.ValidTarget);
        return new ParallelData(train.Pairs, valid.Pairs, [], [.. train.Dropped, .. valid.Dropped]);

        ParallelCorpus Read(string source, string target) =>
            AlignedFiles.Read(Path.Combine(folder, source), Path.Combine(folder, target));
    }
}
