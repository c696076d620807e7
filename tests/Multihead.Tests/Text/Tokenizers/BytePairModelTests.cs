using System.Text;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

public class BytePairModelTests
{
    private static readonly Tokenizer Learned = BytePairLearner.Learn(
        RandomText.Lines(new Random(1), 300, 400), new() { VocabularySize = 700 });

    [Fact]
    public void ShortAndLongWordsMergeAsThePlainLoopDoes()
    {
        var random = new Random(2);
        for (var i = 0; i < TestScale.Rounds(600); i++)
        {
            var letters = random.Next(3) switch { 0 => "a", 1 => "etas", _ => "etaoinshrdluüß日𝒜" };
            var runes = letters.EnumerateRunes().ToArray();
            var word = string.Concat(Enumerable.Range(0, random.Next(1, 120)).Select(_ => runes[random.Next(runes.Length)]));
            AssertAsPlain(Learned, word);
        }
    }

    [Fact]
    public void MergesThatNoCorpusWouldGiveAreDoneInTheSameOrder()
    {
        // Ranks at random: pairs that come to be by a merge may have a lower rank than it.
        var random = new Random(3);
        for (var i = 0; i < TestScale.Rounds(80); i++)
        {
            var tokens = ByteAlphabet.InSymbolOrder().Select(b => ByteAlphabet.Symbol(b).ToString()).ToList();
            var byteIds = new int[256];
            for (var b = 0; b < 256; b++) byteIds[b] = tokens.IndexOf(ByteAlphabet.Symbol((byte)b).ToString());
            var open = new List<int> { byteIds['a'], byteIds['b'] };
            var merges = new List<Merge>();
            for (var n = 0; n < 12; n++)
            {
                var (left, right) = (open[random.Next(open.Count)], open[random.Next(open.Count)]);
                if (tokens.Contains(tokens[left] + tokens[right])) continue;
                merges.Add(new Merge(left, right, tokens.Count));
                open.Add(tokens.Count);
                tokens.Add(tokens[left] + tokens[right]);
            }
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(merges));
            var tokenizer = new Tokenizer(
                new Vocabulary(tokens, tokens.Count, []), new BytePairModel(byteIds, new MergeTable(merges)),
                new TextEnds(null, null));
            foreach (var length in (int[])[5, 30, 129, 300])
                AssertAsPlain(tokenizer, string.Concat(Enumerable.Range(0, length).Select(_ => "ab"[random.Next(2)])));
        }
    }

    [Theory]
    [InlineData("e")]
    [InlineData("日")]
    [InlineData("eta")]
    public void AWordOfAHundredThousandCharactersIsEncoded(string piece) // quadratic would be minutes
    {
        var random = new Random(4);
        var word = new string(random.GetItems<char>(piece, 100_000));
        Assert.Equal(word, Learned.Decode(Learned.Encode(word)));
    }

    private static void AssertAsPlain(Tokenizer tokenizer, string word)
    {
        var ids = new List<int>();
        tokenizer.Model.Encode(word, ids);
        Assert.Equal(Plain(tokenizer, word), ids);
    }

    private static List<int> Plain(Tokenizer tokenizer, string word)
    {
        var merges = tokenizer.Model.Merges.Merges;
        var ids = Encoding.UTF8.GetBytes(word)
            .Select(b => tokenizer.TokenToId(ByteAlphabet.Symbol(b).ToString())!.Value).ToList();
        var ranks = merges.Select((merge, rank) => (merge, rank)).ToDictionary(p => (p.merge.Left, p.merge.Right), p => p.rank);
        while (true)
        {
            var (rank, at) = Enumerable.Range(0, ids.Count - 1)
                .Select(i => (ranks.GetValueOrDefault((ids[i], ids[i + 1]), int.MaxValue), i))
                .DefaultIfEmpty((int.MaxValue, 0)).Min();
            if (rank == int.MaxValue) return ids;
            ids[at] = merges[rank].Result;
            ids.RemoveAt(at + 1);
        }
    }
}
