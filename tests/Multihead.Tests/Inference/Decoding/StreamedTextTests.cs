using System.Text;
using Multihead.Inference.Decoding;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Inference.Decoding;

public class StreamedTextTests
{
    // Nothing is merged: every byte is a token.
    private static readonly Tokenizer Bytes = BytePairLearner.Learn([], new BytePairOptions { VocabularySize = 259 });

    [Fact]
    public void ACharacterComesWithTheLastOfItsBytes()
    {
        var text = new StreamedText(Bytes);
        Assert.Equal(["a", "", "ß", "", "", "€", "", "", "", "😀", "!"], Bytes.Encode("aß€😀!").Select(text.Add));
        Assert.Equal("", text.Finish());
    }

    [Fact]
    public void HalfACharacterIsShownAsSuchWhenItCannotBecomeWhole()
    {
        var text = new StreamedText(Bytes);
        var euro = Bytes.Encode("€");
        Assert.Equal(["", "", "\uFFFDx"], new[] { euro[0], euro[1], Bytes.Encode("x")[0] }.Select(text.Add));
        Assert.Equal("", text.Add(euro[0]));
        Assert.Equal("\uFFFD", text.Finish());
    }

    [Fact]
    public void ARealReplacementCharacterIsNotHeldBack()
    {
        var text = new StreamedText(Bytes);
        Assert.Equal(["", "", "\uFFFD"], Bytes.Encode("\uFFFD").Select(text.Add));
    }

    [Fact]
    public void SpecialTokensAddNothing()
    {
        var text = new StreamedText(Bytes);
        var half = Bytes.Encode("ß");
        Assert.Equal(["", "", "ß"], new[] { half[0], Bytes.PaddingId, half[1] }.Select(text.Add));
    }

    [Fact]
    public void ThePiecesOfAnyTokensJoinedAreWhatTheyDecodeTo()
    {
        var random = new Random(1);
        var learned = BytePairLearner.Learn(Enumerable.Repeat("Größe 😀😃 €5 über", 3),
            new BytePairOptions { VocabularySize = 275 });
        foreach (var tokenizer in new[] { Bytes, learned })
            for (var round = 0; round < 2_000; round++)
            {
                var ids = new int[random.Next(12)];
                for (var i = 0; i < ids.Length; i++) ids[i] = random.Next(tokenizer.VocabularySize);
                var (text, joined) = (new StreamedText(tokenizer), new StringBuilder());
                foreach (var id in ids)
                {
                    var piece = text.Add(id);
                    Assert.False(piece.Length > 0 && char.IsHighSurrogate(piece[^1]), "half a character was handed out");
                    joined.Append(piece);
                }
                Assert.Equal(tokenizer.Decode(ids), joined.Append(text.Finish()).ToString());
            }
    }
}
