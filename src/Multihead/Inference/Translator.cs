using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Multihead.Inference.Decoding;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Tensors;
using Multihead.Text.Tokenizers;

namespace Multihead.Inference;

/// <summary>Translates with a learned encoder-decoder. May be used from many threads at once; a text's translation does not
/// depend on what else is translated beside it.</summary>
public sealed class Translator : IDisposable
{
    // Rows of the cache that one batch may take: bounds memory whatever is asked for.
    private const int CacheRowsPerBatch = 8_192;
    private const int TextsPerBatch = 64;

    private readonly EncoderDecoder _model;
    private readonly Tokenizer _tokenizer;
    private readonly WorkspacePool _workspaces;

    internal Translator(EncoderDecoder model, Tokenizer tokenizer, ThreadTeam team)
    {
        (_model, _tokenizer, _workspaces) = (model, tokenizer, new WorkspacePool(team, nameof(Translator)));
        model.Pack(team);
    }

    /// <summary>Opens a checkpoint folder: config.json, model.safetensors, tokenizer.json.</summary>
    /// <exception cref="MultiheadException">A file is missing, damaged, or does not fit the others; nothing is kept.</exception>
    public static Translator Load(string folder)
    {
        var (model, tokenizer) = Checkpoint.Load(folder, learning: false);
        return new Translator(model, tokenizer, ThreadTeam.Shared);
    }

    /// <summary>What kind of model it is, and how large.</summary>
    public ModelConfig Config => _model.Config;

    /// <summary>Tokens of the longest text that the model can read.</summary>
    public int MaxTokens => _model.MaxLength - 1;

    /// <summary>How many tokens a text has; it can be translated where they are no more than <see cref="MaxTokens"/>.</summary>
    internal int CountTokens(string text) => _tokenizer.Encode(text).Length;

    /// <summary>Translates one text.</summary>
    /// <param name="text">The text. A blank one stays empty.</param>
    /// <param name="options">How to search; the defaults are the paper's.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <exception cref="MultiheadException">The text is longer than <see cref="MaxTokens"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The translator is disposed.</exception>
    public Translation Translate(string text, TranslationOptions? options = null, CancellationToken cancellation = default) =>
        TranslateBatch([text], options, null, cancellation)[0];

    /// <summary>Translates many texts; the order is kept.</summary>
    /// <param name="texts">The texts. Blank ones stay empty.</param>
    /// <param name="options">How to search; the defaults are the paper's.</param>
    /// <param name="progress">Told how many texts are done, from time to time.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <exception cref="MultiheadException">A text is longer than <see cref="MaxTokens"/>; its number is told.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The translator is disposed.</exception>
    public IReadOnlyList<Translation> TranslateBatch(IReadOnlyList<string> texts, TranslationOptions? options = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new TranslationOptions();
        options.Validate();
        using var lease = _workspaces.Rent();
        var results = new Translation[texts.Count];
        var sources = new int[texts.Count][];
        for (var i = 0; i < sources.Length; i++) sources[i] = Encode(texts[i], i);
        // Texts of like length share a batch, so that it is done in few steps.
        var order = Enumerable.Range(0, texts.Count).OrderByDescending(i => sources[i].Length).ToArray();
        var done = 0;
        while (done < order.Length)
        {
            var rows = BeamSearch.MaxLength(_model, sources[order[done]].Length, options) * options.BeamSize;
            var count = Math.Clamp(CacheRowsPerBatch / rows, 1, Math.Min(TextsPerBatch, order.Length - done));
            TranslateTogether(lease.Workspace, order.AsSpan(done, count), sources, options, results, cancellation);
            done += count;
            progress?.Report(done);
        }
        return results;
    }

    /// <summary>Translates texts as they come, a batch at a time, and hands out each translation in order: for files of any size.
    /// </summary>
    public IEnumerable<Translation> TranslateLines(IEnumerable<string> texts, TranslationOptions? options = null,
        CancellationToken cancellation = default)
    {
        foreach (var chunk in texts.Chunk(8 * TextsPerBatch))
            foreach (var translation in TranslateBatch(chunk, options, null, cancellation)) yield return translation;
    }

    /// <summary>Translates one text greedily and hands out pieces of text as soon as they are known; together they are the
    /// translation that a beam of 1 finds. The work is done by threads of the pool, not by the caller's.</summary>
    /// <param name="text">The text. A blank one gives no pieces.</param>
    /// <param name="options">Only the greatest length counts: what is handed out cannot be taken back, so the search is greedy.
    /// </param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <exception cref="MultiheadException">The text is longer than <see cref="MaxTokens"/>.</exception>
    /// <exception cref="ObjectDisposedException">The translator is disposed.</exception>
    public IAsyncEnumerable<string> TranslateStreaming(string text, TranslationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= new TranslationOptions();
        options.Validate();
        return Stream(text, options, cancellation);
    }

    /// <summary>Frees the model after running calls have ended, streams that are being read among them; later calls throw
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _workspaces.Dispose();
        _model.Dispose();
    }

    private async IAsyncEnumerable<string> Stream(string text, TranslationOptions options,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lease = _workspaces.Rent();
        var source = Encode(text, 0);
        if (source.Length == 1) yield break;
        var writer = new StreamedText(_tokenizer);
        using var tokens = GreedyStream.Run(_model, lease.Workspace, source,
            BeamSearch.MaxLength(_model, source.Length, options), cancellation).GetEnumerator();
        while (await Task.Run(tokens.MoveNext, CancellationToken.None).ConfigureAwait(false))
            if (writer.Add(tokens.Current) is { Length: > 0 } piece) yield return piece;
        if (writer.Finish() is { Length: > 0 } rest) yield return rest;
    }

    private void TranslateTogether(Workspace workspace, ReadOnlySpan<int> indexes, int[][] sources, TranslationOptions options,
        Translation[] results, CancellationToken cancellation)
    {
        List<int> ids = [];
        List<int> lengths = [];
        List<int> asked = [];
        foreach (var index in indexes)
        {
            results[index] = new Translation([new Hypothesis("", 0, 0)]);
            if (sources[index].Length == 1) continue; // the end mark alone: nothing to translate
            ids.AddRange(sources[index]);
            lengths.Add(sources[index].Length);
            asked.Add(index);
        }
        if (asked.Count == 0) return;
        var found = BeamSearch.Search(_model, workspace,
            new TokenSequences(CollectionsMarshal.AsSpan(ids), CollectionsMarshal.AsSpan(lengths)), options, cancellation);
        for (var i = 0; i < asked.Count; i++)
            results[asked[i]] = new Translation([.. found[i].Select(h =>
                new Hypothesis(_tokenizer.Decode(h.Tokens), h.Score, h.LogProbability))]);
    }

    // The text's tokens and the end mark; the end mark alone of a blank text.
    private int[] Encode(string text, int index)
    {
        ArgumentNullException.ThrowIfNull(text);
        int[] ids = [.. string.IsNullOrWhiteSpace(text) ? [] : _tokenizer.Encode(text), _model.Config.EndOfSentenceId];
        if (ids.Length <= _model.MaxLength) return ids;
        throw new MultiheadException($"Text {index + 1} has {ids.Length - 1} tokens, and the model reads at most {MaxTokens}; "
            + "split it into sentences.");
    }
}
