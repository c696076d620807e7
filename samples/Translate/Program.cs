using Multihead.Inference;

// The folder that "multihead quickstart" has left here.
using var translator = Translator.Load("multihead-quickstart");
Console.WriteLine(translator.Translate("The file could not be found.").Text);

// The three best of eight beams, with their scores.
var options = new TranslationOptions { BeamSize = 8, BestCount = 3 };
foreach (var hypothesis in translator.Translate("The project file is not valid.", options).Hypotheses)
    Console.WriteLine($"{hypothesis.Score:F2}  {hypothesis.Text}");
