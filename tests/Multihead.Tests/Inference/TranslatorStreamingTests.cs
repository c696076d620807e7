using Multihead.Inference;

namespace Multihead.Tests.Inference;

[Collection(TrainedTranslator.Name)]
public class TranslatorStreamingTests(TrainedTranslator trained)
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThePiecesAreTheTranslationOfABeamOfOne()
    {
        foreach (var text in TranslatorTests.Texts)
        {
            var pieces = await Pieces(trained.Translator.TranslateStreaming(text, cancellation: None));
            var whole = trained.Translator.Translate(text, new TranslationOptions { BeamSize = 1 }, None).Text;
            Assert.DoesNotContain("", pieces);
            Assert.Equal(whole, string.Concat(pieces));
        }
    }

    // The vocabulary has the bytes of the sign and not the whole of it.
    [Fact]
    public async Task ACharacterOfSeveralTokensComesWhole()
    {
        var tokenizer = Multihead.Text.Tokenizers.Tokenizer.Load(trained.Folder);
        Assert.Equal(4, tokenizer.Encode("😀").Length);
        var pieces = await Pieces(trained.Translator.TranslateStreaming("I am happy.", cancellation: None));
        Assert.Equal("Ich freue mich 😀.", string.Concat(pieces));
        Assert.Contains("😀", pieces);
        Assert.InRange(pieces.Count, 4, tokenizer.Encode("Ich freue mich 😀.").Length - 3);
    }

    [Fact]
    public async Task TheGreatestLengthIsThatOfTheOptions()
    {
        const string text = "Please close the window.", learned = "Bitte schließen Sie das Fenster.";
        var options = new TranslationOptions { BeamSize = 1, MaxExtraTokens = 0 };
        Assert.Equal(learned, string.Concat(await Pieces(trained.Translator.TranslateStreaming(text, null, None))));
        var cut = string.Concat(await Pieces(trained.Translator.TranslateStreaming(text, options, None)));
        Assert.Equal(trained.Translator.Translate(text, options, None).Text, cut);
        Assert.StartsWith(cut, learned, StringComparison.Ordinal);
        Assert.InRange(cut.Length, 10, learned.Length - 1);
    }

    [Fact]
    public async Task EndsBetweenTwoTokensWhenCancelledEitherWay()
    {
        using var first = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in trained.Translator.TranslateStreaming("Good night.", null, first.Token)) first.Cancel();
        });
        using var second = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in trained.Translator.TranslateStreaming("Good night.", cancellation: None)
                .WithCancellation(second.Token)) second.Cancel();
        });
    }

    [Fact]
    public async Task AStreamThatIsLeftEarlyHoldsNothing()
    {
        using var translator = Translator.Load(trained.Folder);
        await foreach (var _ in translator.TranslateStreaming("Good night.", cancellation: None)) break;
        translator.Dispose(); // would wait for ever
    }

    [Fact]
    public async Task ATextThatIsTooLongIsRefused()
    {
        var stream = trained.Translator.TranslateStreaming(new string('€', 34), cancellation: None);
        var message = (await Assert.ThrowsAsync<MultiheadException>(() => Pieces(stream))).Message;
        Assert.Contains("Text 1 has 102 tokens, and the model reads at most 99", message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> Pieces(IAsyncEnumerable<string> stream)
    {
        List<string> pieces = [];
        await foreach (var piece in stream) pieces.Add(piece);
        return pieces;
    }
}
