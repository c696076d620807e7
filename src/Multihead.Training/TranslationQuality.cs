using Multihead.Inference;
using Multihead.Text.Corpora;
using Multihead.Text.Metrics;

namespace Multihead.Training;

/// <summary>How good translations of a test set are.</summary>
/// <param name="Translations">Of each source, in order.</param>
/// <param name="Bleu">Over all rows.</param>
/// <param name="ChrF">Over all rows.</param>
/// <param name="CopyBleu">The score of copying the sources: where the scale begins.</param>
internal sealed record TranslationQuality(IReadOnlyList<string> Translations, BleuScore Bleu, ChrFScore ChrF, BleuScore CopyBleu)
{
    /// <summary>Translates and scores the pairs.</summary>
    public static TranslationQuality Measure(Translator translator, IReadOnlyList<SentencePair> pairs, TranslationOptions options,
        IProgress<int>? progress, CancellationToken cancellation)
    {
        string[] sources = [.. pairs.Select(p => p.Source)];
        string[] references = [.. pairs.Select(p => p.Target)];
        string[] translations = [.. translator.TranslateBatch(sources, options, progress, cancellation).Select(t => t.Text)];
        return new TranslationQuality(translations, Text.Metrics.Bleu.Corpus(translations, [references]),
            Text.Metrics.ChrF.Corpus(translations, [references]), Text.Metrics.Bleu.Corpus(sources, [references]));
    }

    /// <summary>BLEU over some rows.</summary>
    public BleuScore BleuOf(IReadOnlyList<int> rows, IReadOnlyList<SentencePair> pairs) =>
        Text.Metrics.Bleu.Corpus([.. rows.Select(i => Translations[i])], [[.. rows.Select(i => pairs[i].Target)]]);

    /// <summary>chrF over some rows.</summary>
    public ChrFScore ChrFOf(IReadOnlyList<int> rows, IReadOnlyList<SentencePair> pairs) =>
        Text.Metrics.ChrF.Corpus([.. rows.Select(i => Translations[i])], [[.. rows.Select(i => pairs[i].Target)]]);
}
