using Multihead.Training;
using Multihead.Training.Recipes;

// A recipe with one value changed by each argument, such as training.steps=500.
var recipe = RecipeFile.Read("recipes/quickstart.json", args);
var progress = new Progress<TrainingProgress>(p => Console.WriteLine($"step {p.Step} of {p.TotalSteps}: loss {p.Loss:F3}"));
TranslatorTraining.Run(recipe, "my-model", progress: progress);
