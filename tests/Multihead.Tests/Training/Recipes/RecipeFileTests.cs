using System.Text;
using Multihead.Models.Configuration;
using Multihead.Text.Corpora;
using Multihead.Training;
using Multihead.Training.Recipes;
using Multihead.Training.Schedules;

namespace Multihead.Tests.Training.Recipes;

public sealed class RecipeFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Path => _folder["recipe.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsLeftOutHasItsDefault()
    {
        var recipe = Read("""{ "data": { "kind": "sdk" } }""");
        Assert.Equal(new Recipe { Data = new SdkData() }, recipe);
    }

    // Beside one value of each part, so that every part is read and not made by its owner.
    [Theory]
    [InlineData("inverse-square-root")]
    [InlineData("cosine")]
    [InlineData("linear")]
    public void InEveryPart(string schedule)
    {
        var recipe = Read($$"""
            { "data": { "kind": "tsv", "path": "x" }, "filter": { "maxWords": 9 }, "model": { "modelDim": 64 },
              "training": { "schedule": { "warmupSteps": 7, "kind": "{{schedule}}" }, "adam": { "beta1": 0.5 } } }
            """);
        LearningRateSchedule expected = schedule switch
        {
            "cosine" => new CosineSchedule { WarmupSteps = 7 },
            "linear" => new LinearSchedule { WarmupSteps = 7 },
            _ => new InverseSquareRootSchedule { WarmupSteps = 7 },
        };
        Assert.Equal(new Recipe
        {
            Data = new TsvData { Path = "x" },
            Filter = new CorpusFilter { MaxWords = 9 },
            Model = new ModelRecipe { ModelDim = 64 },
            Training = new TrainingOptions { Schedule = expected, Adam = new AdamOptions { Beta1 = 0.5 } },
        }, recipe);
    }

    [Fact]
    public void CommentsTrailingCommasAndAByteOrderMarkAreAllowed()
    {
        File.WriteAllText(Path, """
            // A first run.
            { "data": { "kind": "tsv", "path": "pairs.tsv" /* beside the recipe */, },
              "training": { "steps": 70, }, // short
            }
            """, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(70, RecipeFile.Read(Path).Training.Steps);
        Assert.Equal(80, RecipeFile.Read(Path, ["training.steps=80"]).Training.Steps);
    }

    [Fact]
    public void EveryValueSurvivesWritingAndReading()
    {
        var recipe = new Recipe
        {
            Data = new AlignedData { TrainSource = "a.en", TrainTarget = "a.de", ValidSource = "b.en", ValidTarget = "b.de" },
            Filter = new CorpusFilter { MaxWords = 50, MaxLengthRatio = 2.5, DropRepeated = false },
            VocabularySize = 1_234,
            Model = new ModelRecipe
            {
                Preset = "transformer-tiny",
                ModelDim = 96,
                EncoderLayerCount = 5,
                DecoderLayerCount = 2,
                HeadCount = 3,
                FeedForwardDim = 100,
                NormPlacement = NormPlacement.Pre,
                Norm = new RmsNormConfig(1e-4f),
                Activation = Activation.Silu,
                Positions = new SinusoidalPositionsConfig(77),
                TieEmbeddings = false,
                Dropout = 0.15f,
                AttentionDropout = 0.05f,
                ActivationDropout = 0.01f,
            },
            Training = new TrainingOptions
            {
                Steps = 17,
                BatchTokens = 512,
                AccumulatedBatches = 3,
                Schedule = new CosineSchedule { PeakRate = 1.25e-4, WarmupSteps = 9, FinalShare = 0.2 },
                Adam = new AdamOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-8, WeightDecay = 0.02 },
                ClipNorm = 0.7,
                LabelSmoothing = 0.05,
                ValidateEvery = 4,
                SaveEvery = 6,
                AveragedStates = 2,
                Seed = ulong.MaxValue,
            },
        };
        RecipeFile.Write(Path, recipe);
        Assert.Equal(recipe, RecipeFile.Read(Path));
    }

    [Theory]
    [InlineData("quickstart")]
    [InlineData("tsv")]
    public void OtherKindsOfDataAndSchedulesToo(string name)
    {
        var recipe = name == "quickstart" ? QuickstartRecipe.Create("en", "fr", 100) : new Recipe
        {
            Data = new TsvData { Path = "x.tsv.gz", SourceColumn = 3, TargetColumn = 1 },
            Training = new TrainingOptions { Schedule = new InverseSquareRootSchedule { PeakRate = 0.1 } },
        };
        RecipeFile.Write(Path, recipe);
        Assert.Equal(recipe, RecipeFile.Read(Path));
    }

    [Theory]
    [InlineData("training.steps=12", 12, "de", null)]
    [InlineData("data.to=fr", 10, "fr", null)]
    [InlineData("data.to=\"fr\"", 10, "fr", null)]
    [InlineData("model.normPlacement=pre", 10, "de", NormPlacement.Pre)]
    public void AnOverrideReplacesANestedValue(string text, int steps, string to, NormPlacement? placement)
    {
        var recipe = Read("""{ "data": { "kind": "sdk", "to": "de" }, "training": { "steps": 10, "seed": 4 } }""", text);
        Assert.Equal((steps, to, placement), (recipe.Training.Steps, ((SdkData)recipe.Data).To, recipe.Model.NormPlacement));
        Assert.Equal(4ul, recipe.Training.Seed);
    }

    [Fact]
    public void OverridesMakeTheLevelsThatAreMissingAndTheLastOneCounts()
    {
        var recipe = Read("{}", "data.kind=tsv", "data.path=a=b.tsv", "training.schedule.kind=cosine",
            "training.schedule.finalShare=0.5", "training.schedule.finalShare=2.5e-1", "model.norm={ \"kind\": \"rmsNorm\" }",
            "model.tieEmbeddings=false");
        Assert.Equal(new TsvData { Path = "a=b.tsv" }, recipe.Data);
        Assert.Equal(new CosineSchedule { FinalShare = 0.25 }, recipe.Training.Schedule);
        Assert.Equal(new RmsNormConfig(), recipe.Model.Norm);
        Assert.False(recipe.Model.TieEmbeddings);
    }

    [Theory]
    [InlineData("training.stepz=12", "'training.stepz' is unknown (the nearest known key is 'steps')")]
    [InlineData("training.steps=many", "'training.steps' is a string, not a whole number")]
    [InlineData("training.steps=[1,2]", "'training.steps' is an array, not a whole number")]
    [InlineData("training.steps=null", "'training.steps' is null, not a whole number")]
    [InlineData("training.steps.first=1", "'training.steps'", "is not an object with keys")]
    [InlineData("data.to=7", "'data.to' is the number 7, not a string")]
    [InlineData("training.seed=-1", "'training.seed' is the number -1, not a whole number within range")]
    [InlineData("training.steps", "'--set training.steps' has no form path=value")]
    [InlineData("=1", "'--set =1' has no form path=value")]
    [InlineData("training.steps=0", "'steps' is 0, expected 1 to 100,000,000")]
    public void AnOverrideThatCannotBeMeantIsNamed(string text, params string[] words) =>
        AssertRefused("""{ "data": { "kind": "sdk" }, "training": { "steps": 10 } }""", [text], words);

    [Theory]
    [InlineData("""{ "data": { "kind": "sdk" }, "modle": {} }""", "'modle' is unknown (the nearest known key is 'model')")]
    [InlineData("{\n\"data\": { \"kind\": \"sdk\" },\n\"training\": { \"steps\": \"9\" } }", "'training.steps' is a string")]
    [InlineData("""{ "data": { "kind": "sdk", "too": "de" } }""", "'data.too' is unknown (the nearest known key is 'to')")]
    [InlineData("""{ "data": { "kind": "skd" } }""", "'data.kind' is 'skd', which is unknown (the nearest known is 'sdk')")]
    [InlineData("""{ "data": { "path": "x" } }""", "'data.kind' is missing")]
    [InlineData("""{ "data": { "kind": "tsv" } }""", "'data.path' is missing")]
    [InlineData("""{ "training": { "steps": 5 } }""", "'data' is missing")]
    [InlineData("""{ "data": { "kind": "sdk" }, "data": { "kind": "sdk" } }""", "'data' is there twice")]
    [InlineData("""{ "data": { "kind": "sdk" }, "model": { "normPlacement": "pro" } }""", "'model.normPlacement' is 'pro'",
        "(the nearest is 'pre')")]
    [InlineData("""{ "data": { "kind": "sdk" }, "training": { "schedule": null } }""", "'training.schedule' is null")]
    [InlineData("""{ "data": { "kind": "sdk" }, """, "is not valid JSON at line 1")]
    [InlineData("null", "is null, not an object")]
    [InlineData("""{ "data": { "kind": "sdk" }, "formatVersion": 0 }""", "formatVersion 0, which never was")]
    public void AFileThatCannotBeMeantIsNamedWithOverridesAndWithout(string json, params string[] words)
    {
        AssertRefused(json, [], words);
        if (json != "null") AssertRefused(json, ["filter.maxWords=9"], words);
    }

    [Fact]
    public void TheLineIsTold() =>
        AssertRefused("{\n\"data\": { \"kind\": \"sdk\" },\n  \"vocabularySize\": true }", [],
            ["'vocabularySize' is true", "at line 3, byte 21"]);

    // What the newer form has beside its version cannot be known here.
    [Fact]
    public void ANewerFormIsRefusedAsThatWhateverItsKeys() =>
        AssertRefused("""{ "formatVersion": 2, "dataset": {}, "training": 7 }""", [], ["has formatVersion 2, newer than 1"]);

    [Theory]
    [InlineData()]
    [InlineData("data.to=fr")]
    [InlineData("training.steps=5")]
    public void TextThatIsNotUtf8IsRefusedWithASentence(params string[] overrides)
    {
        File.WriteAllBytes(Path, [.. "{ \"data\": { \"kind\": \"sdk\", \"from\": \""u8, 0xFF, .. "\" }, \"filter\": {} }"u8]);
        var message = Assert.Throws<MultiheadException>(() => RecipeFile.Read(Path, overrides)).Message;
        Assert.Contains("UTF-8", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        var message = Assert.Throws<MultiheadException>(() => RecipeFile.Read(_folder["none.json"])).Message;
        Assert.Contains(_folder["none.json"], message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameIsReadAndWrittenUnderACommaCulture()
    {
        var recipe = QuickstartRecipe.Create("en", "de", 100);
        RecipeFile.Write(Path, recipe);
        var text = File.ReadAllText(Path);
        Assert.Equal(recipe, CommaCulture.Run(() =>
        {
            RecipeFile.Write(Path, recipe);
            return RecipeFile.Read(Path, ["training.clipNorm=1.0"]);
        }));
        Assert.Equal(text, File.ReadAllText(Path));
    }

    private Recipe Read(string json, params string[] overrides)
    {
        File.WriteAllText(Path, json);
        return RecipeFile.Read(Path, overrides);
    }

    private void AssertRefused(string json, string[] overrides, string[] words)
    {
        File.WriteAllText(Path, json);
        var message = Assert.Throws<MultiheadException>(() => RecipeFile.Read(Path, overrides)).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }
}
