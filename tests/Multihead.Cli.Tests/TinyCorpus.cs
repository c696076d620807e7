namespace Multihead.Cli.Tests;

/// <summary>A made-up pair of languages in which every word has one translation at the same place: learned in seconds.</summary>
internal static class TinyCorpus
{
    private static readonly (string Source, string Target)[] Words =
    [
        ("red", "rot"), ("green", "grün"), ("house", "Haus"), ("tree", "Baum"), ("small", "klein"), ("cat", "Katze"),
        ("dog", "Hund"), ("two", "zwei"), ("man", "Mann"), ("blue", "blau"), ("bird", "Vogel"), ("old", "alt"),
    ];

    /// <summary>Writes train, valid and test files and a recipe for them; returns the recipe's path.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="saveEvery">Steps from one saved state to the next.</param>
    /// <param name="modelDim">Width; 64 learns the language, less is quick.</param>
    /// <param name="pairs">Rows to learn from.</param>
    public static string Write(ScratchFolder folder, int steps, int saveEvery, int modelDim, int pairs)
    {
        foreach (var (name, seed, count) in new[] { ("train", 1, pairs), ("valid", 2, 30), ("test", 3, 30) })
        {
            var rows = Rows(new Random(seed), count);
            folder.Write($"{name}.en", string.Concat(rows.Select(row => row.Source + "\n")));
            folder.Write($"{name}.de", string.Concat(rows.Select(row => row.Target + "\n")));
        }
        return folder.Write("recipe.json", Recipe(steps, saveEvery, modelDim));
    }

    /// <summary>A recipe for the files, with a comment and a trailing comma as people write them.</summary>
    public static string Recipe(int steps, int saveEvery, int modelDim) => $$"""
        {
          // learned in seconds
          "data": {
            "kind": "aligned",
            "trainSource": "train.en", "trainTarget": "train.de", "validSource": "valid.en", "validTarget": "valid.de"
          },
          "vocabularySize": 310,
          "model": {
            "preset": "transformer-tiny", "modelDim": {{modelDim}}, "headCount": 2, "feedForwardDim": {{2 * modelDim}},
            "encoderLayerCount": 1, "decoderLayerCount": 1, "dropout": 0.1
          },
          "training": {
            "steps": {{steps}}, "batchTokens": 256,
            "schedule": { "kind": "linear", "peakRate": 0.006, "warmupSteps": 30 },
            "validateEvery": {{5 * saveEvery}}, "saveEvery": {{saveEvery}}, "averagedStates": 3,
          }
        }
        """;

    private static (string Source, string Target)[] Rows(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var words = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Words[random.Next(Words.Length)]).ToArray();
            return (string.Join(' ', words.Select(word => word.Source)), string.Join(' ', words.Select(word => word.Target)));
        }),
    ];
}
