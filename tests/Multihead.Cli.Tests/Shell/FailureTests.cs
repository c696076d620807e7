using Multihead.Cli.Shell;

namespace Multihead.Cli.Tests.Shell;

public class FailureTests
{
    public static TheoryData<Exception, int, string> Endings => new()
    {
        { new MultiheadException("The file 'a' is odd; give another."), 1, "The file 'a' is odd; give another." },
        { new UsageException("That cannot be."), 2, "That cannot be." },
        { new OperationCanceledException(), 130, "Stopped." },
        { new IOException("No space left on device : 'a'"), 1, "No space left on device : 'a'." },
        { new OutOfMemoryException(), 1, "There is not enough memory for this; close other programs or give it less to do." },
        {
            new InvalidOperationException("two\n  lines."), 1,
            "Something unexpected went wrong (InvalidOperationException: two lines); --verbose shows where."
        },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public void EveryExceptionIsOneSentenceAndAnExitCode(Exception exception, int code, string sentence) =>
        Assert.Equal((sentence, code), Failure.Describe(exception));

    [Fact]
    public void OnlyVerboseShowsTheStackTrace()
    {
        Tool.Run("tokenizer", "encode", "nowhere").FailedWith(1, "'nowhere'");
        var verbose = Tool.Run("tokenizer", "encode", "nowhere", "--verbose");
        Assert.Equal(1, verbose.ExitCode);
        Assert.Contains("   at Multihead.", verbose.Error, StringComparison.Ordinal);
    }
}
