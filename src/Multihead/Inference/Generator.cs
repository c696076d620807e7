using System.Runtime.CompilerServices;
using Multihead.Inference.Decoding;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Models.Configuration;
using Multihead.Text.Tokenizers;

namespace Multihead.Inference;

/// <summary>Goes on with texts by a decoder-only model. May be used from many threads at once; what is written does not depend on
/// what else is written beside it.</summary>
public sealed class Generator : IDisposable
{
    private readonly DecoderOnly _model;
    private readonly Tokenizer _tokenizer;
    private readonly WorkspacePool _workspaces;

    internal Generator(DecoderOnly model, Tokenizer tokenizer, ThreadTeam team)
    {
        (_model, _tokenizer, _workspaces) = (model, tokenizer, new WorkspacePool(team, nameof(Generator)));
        model.Pack(team);
    }

    /// <summary>Opens a checkpoint folder: config.json, model.safetensors, tokenizer.json.</summary>
    /// <exception cref="MultiheadException">A file is missing, damaged, or does not fit the others; nothing is kept.</exception>
    public static Generator Load(string folder)
    {
        var (model, tokenizer) = LanguageCheckpoint.Load(folder, learning: false);
        return new Generator(model, tokenizer, ThreadTeam.Shared);
    }

    /// <summary>What kind of model it is, and how large.</summary>
    public DecoderOnlyConfig Config => _model.Config;

    /// <summary>Goes on with a text.</summary>
    /// <param name="prompt">The text; an empty one begins a new one.</param>
    /// <param name="options">How; the defaults are greedy.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <exception cref="MultiheadException">The prompt is longer than the model reads, or empty where nothing begins a text.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed.</exception>
    public Generation Generate(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new GenerationOptions();
        options.Validate();
        using var lease = _workspaces.Rent();
        using var writer = new TokenWriter(_model, lease.Workspace, Encode(prompt), options);
        var text = new StopText(_tokenizer, options.StopTexts);
        var written = new System.Text.StringBuilder();
        List<int> tokens = [];
        List<float> logProbabilities = [];
        while (!text.IsStopped && writer.Next(cancellation) is { } next)
        {
            tokens.Add(next.Token);
            logProbabilities.Add(next.LogProbability);
            written.Append(text.Add(next.Token));
        }
        written.Append(text.Finish());
        return new Generation(written.ToString(), tokens, logProbabilities, text.IsStopped ? EndReason.StopText : writer.Reason);
    }

    /// <summary>Goes on with a text and hands out pieces as soon as they are known; together they are what
    /// <see cref="Generate"/> gives. The work is done by threads of the pool, not by the caller's.</summary>
    /// <inheritdoc cref="Generate"/>
    public IAsyncEnumerable<string> GenerateStreaming(string prompt, GenerationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new GenerationOptions();
        options.Validate();
        return Stream(prompt, options, cancellation);
    }

    /// <summary>The log-probability of each token of a text after those before it, in nats. The first is that after the token that
    /// begins texts; where the model has none, the first token is not counted. Texts longer than the model reads are cut into
    /// pieces that do not see each other.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Ends the work between two pieces.</param>
    /// <exception cref="ObjectDisposedException">The generator is disposed.</exception>
    public TextScore Score(string text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var lease = _workspaces.Rent();
        return TextScorer.Score(_model, lease.Workspace, _tokenizer.Encode(text), cancellation);
    }

    /// <summary>Frees the model after running calls have ended, streams that are being read among them; later calls throw
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _workspaces.Dispose();
        _model.Dispose();
    }

    private async IAsyncEnumerable<string> Stream(string prompt, GenerationOptions options,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lease = _workspaces.Rent();
        using var writer = new TokenWriter(_model, lease.Workspace, Encode(prompt), options);
        var text = new StopText(_tokenizer, options.StopTexts);
        while (!text.IsStopped
            && await Task.Run(() => writer.Next(cancellation), CancellationToken.None).ConfigureAwait(false) is { } next)
            if (text.Add(next.Token) is { Length: > 0 } piece) yield return piece;
        if (text.Finish() is { Length: > 0 } rest) yield return rest;
    }

    private List<int> Encode(string prompt)
    {
        List<int> ids = _tokenizer is { AddsBeginOfText: true, BeginOfTextId: { } begin } ? [begin] : [];
        _tokenizer.Encode(prompt, ids);
        if (ids.Count == 0 && _model.Config.BeginOfTextId is { } first) ids.Add(first);
        return ids.Count > 0 ? ids : throw new MultiheadException("The prompt is empty, and the model has no token that begins a text; "
            + "give it a word to begin with.");
    }
}
