using Multihead.Text.Corpora;
using Multihead.Text.Corpora.Keys;

namespace Multihead.Tests.Text.Corpora;

public class NearestTrainingTests
{
    [Fact]
    public void SimilarityIsTheJaccardIndexOfTheWordsOfTheKeys()
    {
        string[] training = ["Open the file {0}.", "close the door", "ドアを閉める"];
        string[] test = ["open the FILE 'x'!", "open a door", "nothing alike", "", "ドアを開ける"];
        // "open door": 1 of {close the door open a} = 1/5, and of {open the file a door} = 1/5; ドアをる of ドアを閉める開け: 4 of 8
        Assert.Equal([1, 0.2, 0, 0, 0.5], NearestTraining.Similarities(training, test));
        Assert.Equal(new double[5], NearestTraining.Similarities([], test));
        Assert.Empty(NearestTraining.Similarities(training, []));
    }

    [Fact]
    public void AgreesWithComparingEveryPair()
    {
        var random = new Random(1);
        for (var round = 0; round < TestScale.Rounds(100); round++)
        {
            var (training, test) = (Texts(30), Texts(10));
            var expected = test.Select(text =>
                training.Select(other => Jaccard(Words(text), Words(other))).DefaultIfEmpty().Max());
            Assert.Equal(expected, NearestTraining.Similarities(training, test));
        }

        string[] Texts(int most) => [.. Enumerable.Range(0, random.Next(most))
            .Select(_ => RandomMessage.Dressed(random, RandomMessage.Some(random, 5)))];

        static HashSet<string> Words(string text) => [.. SplitKey.Of(text).Split(' ').SelectMany(word =>
            word == "日本語" ? ["日", "本", "語"] : new[] { word })];
        static double Jaccard(HashSet<string> a, HashSet<string> b) => a.Intersect(b).Count() / (double)a.Union(b).Count();
    }

    [Theory]
    [InlineData(new double[0], new int[0])]
    [InlineData(new[] { 0.5 }, new[] { 0 })]
    [InlineData(new[] { 0.9, 0.1, 0.5 }, new[] { 1, 2 })]
    [InlineData(new[] { 0.5, 0.5, 0.5, 0.5 }, new[] { 0, 1 })]
    [InlineData(new[] { 1.0, 0.0, 1.0, 0.0 }, new[] { 1, 3 })]
    public void TheFarHalfHasTheLeastSimilarity(double[] similarities, int[] rows) =>
        Assert.Equal(rows, NearestTraining.FarHalf(similarities));
}
