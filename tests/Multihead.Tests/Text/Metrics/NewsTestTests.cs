using System.Globalization;
using System.Text.RegularExpressions;
using Multihead.Text.Metrics;

namespace Multihead.Tests.Text.Metrics;

/// <summary>Both metrics on eight systems of WMT 2017 against mteval, chrF++.py and Moses.</summary>
public class NewsTestTests
{
    private string[][] Reference { get; } = [SacreBleuCases.NewsTest("ref.de.gz")];

    [Fact]
    public void AgreesWithMtevalAndChrFPlusPlus()
    {
        foreach (var row in SacreBleuCases.Table("expected.tsv"))
        {
            var hypotheses = SacreBleuCases.NewsTest(row[0] + ".gz");
            // mteval prints two decimals, and sacreBLEU's own test allows it one more hundredth
            Check(row[1], 0.01, () => Bleu.Corpus(hypotheses, Reference).Score);
            Check(row[2], 0.01, () => Bleu.Corpus(hypotheses, Reference,
                new BleuOptions { Tokenization = BleuTokenization.International }).Score);
            // chrF++.py prints four decimals
            Check(row[3], 5e-5, () => ChrF.Corpus(hypotheses, Reference, new ChrFOptions { EpsilonSmoothing = true }).Score);
            Check(row[4], 5e-5, () => ChrF.Corpus(hypotheses, Reference,
                new ChrFOptions { EpsilonSmoothing = true, WordOrder = 2 }).Score);
        }

        static void Check(string expected, double tolerance, Func<double> score)
        {
            if (expected.Length > 0) Assert.Equal(double.Parse(expected, CultureInfo.InvariantCulture), score(), tolerance);
        }
    }

    [Fact]
    public void AgreesWithMosesToEveryPrintedDigit()
    {
        foreach (var row in SacreBleuCases.Table("moses_multibleu.tsv"))
        {
            var hypotheses = SacreBleuCases.NewsTest(row[0] + ".gz");
            foreach (var (line, tokenization) in new[] { (row[1], BleuTokenization.None), (row[2], BleuTokenization.V13a) })
            {
                // the Perl script for tokenised text reads bytes, to which a no-break space is no space
                var keep = tokenization == BleuTokenization.None;
                var score = Bleu.Corpus(
                    keep ? [.. hypotheses.Select(text => text.Replace('\u00a0', '_'))] : hypotheses,
                    Reference,
                    new BleuOptions { Tokenization = tokenization, Smoothing = BleuSmoothing.None });
                // "BLEU = 17.72, 47.1/23.8/13.0/7.4 (BP=0.977, ratio=0.977, hyp_len=51636, ref_len=52833)", punctuated as ours
                var expected = Regex.Replace(line.Replace(",", "", StringComparison.Ordinal), "([a-zP])=", "$1 = ");
                Assert.Equal(expected, score.Format(2).Replace("|" + score.Signature, "", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void AgreesWithSacreBleusPrintedLines()
    {
        var examples = File.ReadAllText(TestData.Require("metrics", "sacrebleu_signature_examples.txt"));
        var hypotheses = SacreBleuCases.NewsTest("newstest2017.online-A.0.en-de.gz");
        foreach (var line in new[]
        {
            Bleu.Corpus(hypotheses, Reference).ToString(),
            ChrF.Corpus(hypotheses, Reference).ToString(),
            ChrF.Corpus(hypotheses, Reference, new ChrFOptions { WordOrder = 2 }).ToString(),
        })
        {
            Assert.Matches(@"\|version:multihead-\d+\.\d+\.\d+ = ", line);
            Assert.Contains(Regex.Replace(line, @"multihead-[\d.]+", "2.0.0"), examples, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ThreeThousandLinesTakeLittleMemory()
    {
        var hypotheses = SacreBleuCases.NewsTest("newstest2017.KIT.4950.en-de.gz");
        foreach (var score in new Func<double>[]
        {
            () => Bleu.Corpus(hypotheses, Reference).Score,
            () => Bleu.Corpus(hypotheses, Reference, new BleuOptions { Tokenization = BleuTokenization.International }).Score,
            () => ChrF.Corpus(hypotheses, Reference, new ChrFOptions { WordOrder = 2 }).Score,
        })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            score();
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20); // one string a distinct word
        }
    }
}
