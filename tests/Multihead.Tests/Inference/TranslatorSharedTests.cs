using Multihead.Inference;

namespace Multihead.Tests.Inference;

/// <summary>One translator in many hands: callers at once, callers that give up, and its end.</summary>
[Collection(TrainedTranslator.Name)]
public class TranslatorSharedTests(TrainedTranslator trained)
{
    private static readonly TranslationOptions Options = new() { BeamSize = 2, BestCount = 2 };

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EightThreadsGetTheAnswersThatOneGets()
    {
        var alone = trained.Translator.TranslateBatch(TranslatorTests.Texts, Options, null, None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(() =>
        {
            for (var round = 0; round < 2; round++)
            {
                if (thread % 2 == 0)
                {
                    var mine = trained.Translator.TranslateBatch(TranslatorTests.Texts, Options, null, None);
                    TranslatorTests.AssertSame(alone, mine);
                }
                else
                {
                    for (var i = 0; i < alone.Count; i++)
                    {
                        var at = (i + thread) % alone.Count;
                        var mine = trained.Translator.Translate(TranslatorTests.Texts[at], Options, None);
                        Assert.Equal(alone[at].Hypotheses, mine.Hypotheses);
                    }
                }
            }
        }, None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    [Fact]
    public void CancelledWorkEndsAndTheTranslatorGoesOn()
    {
        using var before = new CancellationTokenSource();
        before.Cancel();
        Assert.Throws<OperationCanceledException>(() => trained.Translator.Translate("Good night.", Options, before.Token));
        Assert.Throws<OperationCanceledException>(() =>
            trained.Translator.TranslateLines(["Good night."], Options, before.Token).ToArray());
        Assert.Equal("Gute Nacht.", trained.Translator.Translate("Good night.", Options, None).Text);
    }

    // Words in no order, with a beam so large that the one batch takes seconds: longer than the time until it is cancelled.
    [Fact]
    public void CancelledInTheMiddleOfABatchTooLongToWaitFor()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var words = Enumerable.Repeat("tea door night old bridge rain letter you sun", 40).ToArray();
        var options = new TranslationOptions { BeamSize = 200, BestCount = 200, LengthPenalty = 5 };
        var told = 0;
        Assert.Throws<OperationCanceledException>(() =>
            trained.Translator.TranslateBatch(words, options, new OnReport(() => told++), cancellation.Token));
        Assert.InRange(told, 0, 38);
    }

    [Fact]
    public async Task DisposingWaitsForThoseAtWorkAndRefusesNewOnes()
    {
        var translator = Translator.Load(trained.Folder);
        var stream = translator.TranslateStreaming("Good night.", cancellation: None).GetAsyncEnumerator(None);
        Assert.True(await stream.MoveNextAsync());
        var disposing = Task.Run(translator.Dispose, None);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            while (true)
            {
                translator.Translate("Good night.", Options, None);
                await Task.Yield();
            }
        });
        Assert.False(disposing.IsCompleted);
        List<string> pieces = [stream.Current];
        while (await stream.MoveNextAsync()) pieces.Add(stream.Current);
        Assert.Equal("Gute Nacht.", string.Concat(pieces));
        await stream.DisposeAsync();
        await disposing;
    }

    [Fact]
    public async Task ABatchOfManyPartsIsFinishedBeforeTheEnd()
    {
        var translator = Translator.Load(trained.Folder);
        var texts = Enumerable.Repeat("Good night.", 200).ToArray();
        Task? disposing = null;
        var found = translator.TranslateBatch(texts, new TranslationOptions { BeamSize = 1 }, new OnReport(() =>
        {
            disposing ??= Task.Run(translator.Dispose, None);
            SpinWait.SpinUntil(() => IsClosed(translator)); // the other parts come after the door is shut
        }), None);
        Assert.All(found, translation => Assert.Equal("Gute Nacht.", translation.Text));
        await disposing!;
    }

    [Fact]
    public async Task UseAfterTheEndIsRefused()
    {
        var translator = Translator.Load(trained.Folder);
        translator.Dispose();
        translator.Dispose();
        Assert.Throws<ObjectDisposedException>(() => translator.Translate("Good night.", Options, None));
        Assert.Throws<ObjectDisposedException>(() => translator.Translate("", Options, None));
        Assert.Throws<ObjectDisposedException>(() => translator.TranslateBatch([], Options, null, None));
        Assert.Throws<ObjectDisposedException>(() => translator.TranslateLines(["a"], Options, None).ToArray());
        var failure = await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (var _ in translator.TranslateStreaming("Good night.", cancellation: None)) { }
        });
        Assert.Equal("Translator", failure.ObjectName);
    }

    private static bool IsClosed(Translator translator)
    {
        try
        {
            translator.Translate("", Options, None);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private sealed class OnReport(Action act) : IProgress<int>
    {
        public void Report(int value) => act();
    }
}
