using Multihead.Cli.Shell;

namespace Multihead.Cli.Tests.Shell;

public class OwnCommandTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("two words.")]
    [InlineData("")]
    [InlineData("it's")]
    [InlineData("a \"b\" $HOME `id` \\ !")]
    [InlineData("it's \"both\" $1")]
    [InlineData("*;&|<>()#~")]
    public void AShellReadsAWordBackAsItIs(string word) =>
        Assert.Equal(word, Tool.RunShell($"printf '%s' {OwnCommand.Quote(word)}").Succeeded().Output);
}
