using System.Runtime.InteropServices;
using Multihead.Inference.Decoding.Sampling;
using Multihead.Models;
using Multihead.Models.Caches;
using Multihead.Tensors;

namespace Multihead.Inference.Decoding;

/// <summary>Writes token after token behind a prompt.</summary>
internal sealed class TokenWriter : IDisposable
{
    private const int PromptPiece = 512; // tokens read at one time: bounds the memory of a step
    private static readonly SamplingOptions Greedy = new() { Temperature = 0 };

    private readonly DecoderOnly _model;
    private readonly Workspace _workspace;
    private readonly GenerationOptions _options;
    private readonly Sampler _sampler;
    private readonly List<int> _tokens; // prompt and text
    private readonly int _promptLength;
    private readonly int _longest;
    private TokenCache _cache;
    private int _read; // of the tokens, how many the cache has been given since the last slide
    private int _first; // the first token that the cache has

    /// <param name="model">Packed for running.</param>
    /// <param name="workspace">The writer's alone until it ends.</param>
    /// <param name="prompt">1 token or more.</param>
    /// <param name="options">How to go on.</param>
    /// <exception cref="MultiheadException">The prompt is longer than the model reads.</exception>
    public TokenWriter(DecoderOnly model, Workspace workspace, IReadOnlyList<int> prompt, GenerationOptions options)
    {
        (_model, _workspace, _options) = (model, workspace, options);
        _longest = model.Config.Positions.MaxLength;
        if (prompt.Count > _longest && options.LongContext == LongContext.Refuse)
            throw new MultiheadException($"The prompt has {prompt.Count} tokens, and the model reads at most {_longest}; shorten it, or "
                + "ask for its beginning to be cut off.");
        _tokens = [.. prompt.Count > _longest ? prompt.Skip(prompt.Count - _longest) : prompt];
        _promptLength = _tokens.Count;
        _sampler = new Sampler(options.Sampling ?? Greedy, model.Config.VocabularySize);
        _cache = model.NewCache(1, Math.Min(_longest, _promptLength + options.MaxTokens));
    }

    /// <summary>Tokens written.</summary>
    public int Count => _tokens.Count - _promptLength;

    /// <summary>Why it ended, once <see cref="Next"/> has given nothing.</summary>
    public EndReason Reason { get; private set; } = EndReason.MaxTokens;

    /// <summary>The next token and its log-probability; null at the end. An end mark is the last token.</summary>
    public (int Token, float LogProbability)? Next(CancellationToken cancellation)
    {
        if (Count > 0 && IsEnd(_tokens[^1]))
        {
            Reason = EndReason.EndOfText;
            return null;
        }
        if (Count >= _options.MaxTokens) return null;
        if (_tokens.Count - _first > _longest)
        {
            if (_options.LongContext != LongContext.Slide)
            {
                Reason = EndReason.ContextIsFull;
                return null;
            }
            Slide();
        }
        var token = _sampler.Next(Read(cancellation).Span, CollectionsMarshal.AsSpan(_tokens), Count);
        _tokens.Add(token);
        return (token, _sampler.LogProbability);
    }

    /// <summary>Frees the cache.</summary>
    public void Dispose() => _cache.Dispose();

    private bool IsEnd(int token) => !_options.IgnoreEnd && _model.Config.EndOfTextIds.Contains(token);

    private void Slide()
    {
        _cache.Dispose();
        _first = _read = _tokens.Count - _longest / 2;
        _cache = _model.NewCache(1, Math.Min(_longest, _longest / 2 + _options.MaxTokens));
    }

    // What the tokens that the cache does not have yet lead to: [1, vocabulary].
    private Tensor Read(CancellationToken cancellation)
    {
        Tensor logits = default;
        while (_read < _tokens.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(PromptPiece, _tokens.Count - _read);
            _workspace.BeginStep();
            var piece = CollectionsMarshal.AsSpan(_tokens).Slice(_read, count);
            logits = _model.Extend(_workspace, _cache, new TokenSequences(piece, [count]));
            _read += count;
        }
        return logits;
    }
}
