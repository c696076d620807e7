using Multihead.Models.Configuration;
using Multihead.Text.Corpora;
using Multihead.Training.Schedules;

namespace Multihead.Training.Recipes;

/// <summary>The recipe of the quickstart: the Transformer of 2017, pre-norm, small enough for two cores and minutes.</summary>
public static class QuickstartRecipe
{
    /// <summary>The recipe for two of the SDK's languages.</summary>
    /// <param name="from">The source language.</param>
    /// <param name="to">The target language.</param>
    /// <param name="steps">Updates of the weights; some thousands take minutes on two cores.</param>
    public static Recipe Create(string from, string to, int steps) => new()
    {
        Data = new SdkData { From = from, To = to },
        Filter = new CorpusFilter { MaxCharacters = 300 },
        VocabularySize = 8_000,
        Model = new ModelRecipe
        {
            Preset = "transformer-base",
            ModelDim = 256,
            HeadCount = 4,
            FeedForwardDim = 1_024,
            EncoderLayerCount = 3,
            DecoderLayerCount = 3,
            NormPlacement = NormPlacement.Pre,
            Dropout = 0.1f,
        },
        Training = new TrainingOptions
        {
            Steps = steps,
            BatchTokens = 1_000,
            Precision = Precision.Fastest,
            Schedule = new LinearSchedule { PeakRate = 1.5e-3, WarmupSteps = 300 },
            ValidateEvery = 250,
            SaveEvery = 250,
            AveragedStates = 3,
        },
    };
}
