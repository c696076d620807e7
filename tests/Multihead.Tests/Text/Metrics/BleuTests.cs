using System.Text.Json;
using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>BLEU against sacreBLEU's own unit cases.</summary>
public class BleuTests
{
    private static JsonElement Cases => SacreBleuCases.Unit("test_bleu");

    // sacreBLEU's tests call raw_corpus_bleu, which means these options
    private static BleuOptions Raw(double floor) => new()
    {
        Tokenization = BleuTokenization.None,
        Smoothing = BleuSmoothing.Floor,
        SmoothingValue = floor,
        EffectiveOrder = true,
    };

    [Fact]
    public void CorpusCasesAgree()
    {
        foreach (var given in Cases.GetProperty("test_corpus_bleu_cases").EnumerateArray())
        {
            var options = new BleuOptions();
            foreach (var argument in given[2].EnumerateObject())
                options = argument.Name == "tokenize"
                    ? options with { Tokenization = TokenizationOf(argument.Value.GetString()!) }
                    : options with { Smoothing = SmoothingOf(argument.Value.GetString()!) };
            var score = Bleu.Corpus(given[0].Lines(), given[1].Streams(), options).Score;
            Assert.Equal(given[3].GetDouble(), score, 5e-7); // the cases are written with 6 to 8 decimals
        }
    }

    [Fact]
    public void RawCasesAgree()
    {
        foreach (var group in new[] { "test_raw_bleu_cases", "test_case_effective_order" })
            foreach (var given in Cases.GetProperty(group).EnumerateArray())
            {
                // the cases of the second group are one reference without its list of streams
                var streams = given[1][0].ValueKind == JsonValueKind.Array ? given[1].Streams() : [given[1].Lines()];
                var score = Bleu.Corpus(given[0].Lines(), streams, Raw(0.01)).Score / 100;
                Assert.Equal(given[2].GetDouble(), score, 1e-12); // the last bits of exp and log
            }
    }

    [Fact]
    public void FloorIsZeroOrMore()
    {
        var given = Cases.GetProperty("test_case_offset")[0];
        double Score(double floor) => Bleu.Corpus(given[0].Lines(), given[1].Streams(), Raw(floor)).Score / 100;
        Assert.Equal(given[2].GetDouble(), Score(0.1), 1e-8); // sacreBLEU's own epsilon
        Assert.Equal(given[3].GetDouble(), Score(0));
    }

    [Fact]
    public void CountsAgree()
    {
        var given = Cases.GetProperty("test_case_statistics")[0];
        var counts = new BleuCounts(Raw(0.1));
        counts.Add(given[0].Lines()[0], [given[1].Streams()[0][0]]);
        Assert.Equal(given[2].GetProperty("common").Counts(), counts.Matches);
        Assert.Equal(given[2].GetProperty("total").Counts(), counts.Totals);
    }

    [Fact]
    public void FormulaAgrees()
    {
        foreach (var given in Cases.GetProperty("test_case_degenerate_stats").EnumerateArray())
            Assert.Equal(given[2].GetDouble(), FromCounts(given, given[1].GetDouble()));
        var plain = Cases.GetProperty("test_case_scoring")[0];
        Assert.Equal(plain[1].GetDouble(), FromCounts(plain, 0), 1e-8); // sacreBLEU's own epsilon

        static double FromCounts(JsonElement given, double floor) => BleuFormula.Score(
            given[0][0].GetProperty("common").Counts(), given[0][0].GetProperty("total").Counts(),
            given[0][1].GetInt64(), given[0][2].GetInt64(), Raw(floor) with { EffectiveOrder = false }, "").Score / 100;
    }

    [Fact]
    public void OrdersAgree()
    {
        foreach (var given in Cases.GetProperty("test_bleu_max_order").EnumerateArray())
        {
            var score = Bleu.Corpus(given[1].Lines(), given[2].Streams(), new BleuOptions { Order = given[0].GetInt32() });
            Assert.Contains($" = {given[3].GetString()} ", score.Format(2), StringComparison.Ordinal);
            Assert.Equal(given[0].GetInt32(), score.Precisions.Count);
        }
    }

    [Fact]
    public void SentenceCasesAgree()
    {
        var sentences = SacreBleuCases.Unit("test_sentence_bleu");
        Check("SYS", "REF", "test_cases");
        Check("SYS_0", "REF_0", "test_cases_zero_bleu");

        void Check(string hypothesis, string reference, string cases)
        {
            foreach (var given in sentences.GetProperty(cases).EnumerateArray())
            {
                var options = new BleuOptions
                {
                    Smoothing = SmoothingOf(given[0].GetString()!),
                    SmoothingValue = given[1].ValueKind == JsonValueKind.Null ? null : given[1].GetDouble(),
                    LowerCase = given[2].GetBoolean(),
                    Tokenization = TokenizationOf(given[3].GetString()!),
                };
                var (line, correct) = (sentences.GetProperty(hypothesis), sentences.GetProperty(reference));
                var score = Bleu.Sentence(line.GetString()!, [correct.GetString()!], options).Score;
                Assert.Equal(given[4].GetDouble(), score, 1e-3); // sacreBLEU's own epsilon
            }
        }
    }

    [Fact]
    public void SentenceLeavesOutOrdersItIsTooShortFor()
    {
        Assert.Equal(100, Bleu.Sentence("a test", ["a test"]).Score, 1e-12);
        Assert.Equal(0, Bleu.Sentence("a test", ["a test"], new BleuOptions()).Score);
    }

    [Fact]
    public void CharactersAreCodePointsWithoutWhiteSpace()
    {
        var options = new BleuOptions { Tokenization = BleuTokenization.Character };
        var score = Bleu.Corpus(["\U0001f600\U0001f601 \u3000e\u0301 x"], [["\U0001f600\U0001f602 e\u0301 y"]], options);
        Assert.Equal((5L, 5L), (score.HypothesisLength, score.ReferenceLength));
        Assert.Equal([60, 25, 50 / 3.0, 12.5], score.Precisions); // 3 of 5; e and its accent, 1 of 4; then 1/2 of 3, 1/4 of 2
    }

    [Fact]
    public void ReadsTheSameUnderACommaCulture()
    {
        var (hypotheses, references) = (Cases.GetProperty("_hyps").Lines(), Cases.GetProperty("_refs").Streams());
        var options = new BleuOptions { Smoothing = BleuSmoothing.Floor };
        var line = Bleu.Corpus(hypotheses, references, options).ToString();
        Assert.Equal(line, CommaCulture.Run(() => Bleu.Corpus(hypotheses, references, options).ToString()));
        Assert.StartsWith("BLEU|nrefs:2|case:mixed|eff:no|tok:13a|smooth:floor[0.10]|version:multihead-", line);
        Assert.EndsWith(" = 48.5 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18)", line);
    }

    [Theory]
    [InlineData(6.25, 1, "6.2")] // Python: f'{6.25:.1f}'
    [InlineData(18.75, 1, "18.8")]
    [InlineData(0.125, 2, "0.12")]
    [InlineData(2.675, 2, "2.67")] // lies below 2.675
    [InlineData(100, 1, "100.0")]
    [InlineData(0.9996, 3, "1.000")]
    public void RoundsAsPython(double value, int decimals, string expected) =>
        Assert.Equal(expected, Decimals.Of(value, decimals));

    internal static BleuTokenization TokenizationOf(string name) => name switch
    {
        "13a" => BleuTokenization.V13a,
        "intl" => BleuTokenization.International,
        "char" => BleuTokenization.Character,
        "none" => BleuTokenization.None,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name),
    };

    internal static BleuSmoothing SmoothingOf(string name) => name switch
    {
        "exp" => BleuSmoothing.Exponential,
        "floor" => BleuSmoothing.Floor,
        "add-k" => BleuSmoothing.AddK,
        "none" => BleuSmoothing.None,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name),
    };
}
