using Multihead.Training.Batches;

namespace Multihead.Tests.Training.Batches;

public class EncodedCorpusTests
{
    [Fact]
    public void GivesBackWhatWasAdded()
    {
        var pairs = SequenceTask.Pairs(50, 200, seed: 1, SequenceTask.Reverse);
        var corpus = new EncodedCorpus();
        corpus.Add([], [7]);
        foreach (var (source, target) in pairs) corpus.Add(source, target);
        corpus.Add([8], []);

        Assert.Equal(202, corpus.Count);
        Assert.Equal(2 + 2 * pairs.Sum(p => p.Source.Length), corpus.TokenCount);
        Assert.Empty(corpus.Source(0).ToArray());
        Assert.Equal([7], corpus.Target(0));
        for (var i = 0; i < pairs.Count; i++)
        {
            Assert.Equal(pairs[i].Source, corpus.Source(i + 1));
            Assert.Equal(pairs[i].Target, corpus.Target(i + 1));
        }
        Assert.Equal([8], corpus.Source(201));
        Assert.Empty(corpus.Target(201).ToArray());
    }

    [Fact]
    public void ANewOneIsEmpty() => Assert.Equal(0, new EncodedCorpus().Count);
}
