using Multihead.Inference;

namespace Multihead.Tests.Inference;

[Collection(TrainedTranslator.Name)]
public class TranslatorTests(TrainedTranslator trained)
{
    // Texts that it has learned, some that it has not, long and short, and blank ones between.
    internal static readonly string[] Texts =
    [
        .. TrainedTranslator.Pairs.Take(6).Select(pair => pair.Source), "", "The train is open.", "€", "   ",
        "Where is the book? Where is the tea? Where is the door?", "😀😀",
        .. TrainedTranslator.Pairs.Skip(6).Select(pair => pair.Source),
    ];

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public void TranslatesWhatItHasLearned()
    {
        var translation = trained.Translator.Translate("The bridge is closed.", cancellation: None);
        Assert.Equal("Die Brücke ist geschlossen.", translation.Text);
        Assert.InRange(translation.Score, -0.1, 0);
        Assert.Equal(translation.Hypotheses[0], Assert.Single(translation.Hypotheses));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t\u00A0\u2003")]
    public async Task ABlankTextStaysEmpty(string text)
    {
        var expected = new Hypothesis("", 0, 0);
        Assert.Equal([expected], trained.Translator.Translate(text, cancellation: None).Hypotheses);
        var batch = trained.Translator.TranslateBatch([text, "Good night.", text], cancellation: None);
        Assert.Equal(["", "Gute Nacht.", ""], batch.Select(translation => translation.Text));
        await foreach (var piece in trained.Translator.TranslateStreaming(text, cancellation: None)) Assert.Fail(piece);
    }

    [Fact]
    public void NoTextsGiveNoTranslations()
    {
        Assert.Empty(trained.Translator.TranslateBatch([], cancellation: None));
        Assert.Empty(trained.Translator.TranslateLines([], cancellation: None));
    }

    [Fact]
    public void NBestAreDifferentOutputsBestFirst()
    {
        var options = new TranslationOptions { BeamSize = 6, BestCount = 5, LengthPenalty = 0 };
        var found = trained.Translator.Translate("The train is open.", options, None).Hypotheses;
        Assert.Equal(5, found.Count);
        Assert.Equal(found.Select(h => h.Score).OrderDescending(), found.Select(h => h.Score));
        Assert.All(found, h => Assert.Equal(h.LogProbability, h.Score, 12)); // without a penalty they are the same
        Assert.True(found[0].Score > found[4].Score);
    }

    [Fact]
    public void ATextHasTheSameBitsInEveryCompanyAndOrder()
    {
        var options = new TranslationOptions { BeamSize = 3, BestCount = 2 };
        var alone = Texts.Select(text => trained.Translator.Translate(text, options, None)).ToArray();
        AssertSame(alone, trained.Translator.TranslateBatch(Texts, options, null, None));
        var order = new Random(1).GetItems(Enumerable.Range(0, Texts.Length).ToArray(), 200); // several batches
        var together = trained.Translator.TranslateBatch([.. order.Select(i => Texts[i])], options, null, None);
        AssertSame([.. order.Select(i => alone[i])], together);
    }

    [Fact]
    public void LinesAreTranslatedAsTheyComeAndInOrder()
    {
        var read = 0;
        var lines = Enumerable.Range(0, 1_200).Select(i =>
        {
            read++;
            return TrainedTranslator.Pairs[i % 20].Source;
        });
        var options = new TranslationOptions { BeamSize = 1 };
        var translated = 0;
        foreach (var translation in trained.Translator.TranslateLines(lines, options, None))
        {
            Assert.Equal(TrainedTranslator.Pairs[translated % 20].Target, translation.Text);
            if (translated++ == 0) Assert.InRange(read, 1, 1_000); // not all were read before the first is there
        }
        Assert.Equal(1_200, translated);
    }

    [Fact]
    public void ProgressCountsTheTextsThatAreDone()
    {
        var texts = Enumerable.Repeat("Good night.", 150).ToArray();
        List<int> told = [];
        trained.Translator.TranslateBatch(texts, new TranslationOptions { BeamSize = 1 }, new OnCount(told.Add), None);
        Assert.Equal([64, 128, 150], told);
    }

    [Fact]
    public void ATextThatIsTooLongIsRefusedByNumberAndLimit()
    {
        Assert.Equal(99, trained.Translator.MaxTokens);
        var (longest, tooLong) = (new string('€', 33), new string('€', 34)); // of 3 bytes each
        Assert.NotNull(trained.Translator.Translate(longest, new TranslationOptions { BeamSize = 1 }, None));
        var message = Message(() => trained.Translator.TranslateBatch(["Good night.", tooLong], cancellation: None));
        Assert.Equal("Text 2 has 102 tokens, and the model reads at most 99; split it into sentences.", message);
        Assert.Contains("Text 1 has 102 tokens", Message(() => trained.Translator.Translate(tooLong, cancellation: None)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void NullIsRefusedAtTheDoor()
    {
        Assert.Throws<ArgumentNullException>(() => trained.Translator.Translate(null!, cancellation: None));
        Assert.Throws<ArgumentNullException>(() => trained.Translator.TranslateBatch(null!, cancellation: None));
        Assert.Throws<ArgumentNullException>(() => trained.Translator.TranslateBatch(["a", null!], cancellation: None));
        Assert.Throws<ArgumentNullException>(() => trained.Translator.TranslateStreaming(null!, cancellation: None));
    }

    internal static void AssertSame(IReadOnlyList<Translation> expected, IReadOnlyList<Translation> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i].Hypotheses, actual[i].Hypotheses); // scores to the bit
    }

    private static string Message(Action act) => Assert.Throws<MultiheadException>(act).Message;

    private sealed class OnCount(Action<int> act) : IProgress<int>
    {
        public void Report(int value) => act(value);
    }
}
