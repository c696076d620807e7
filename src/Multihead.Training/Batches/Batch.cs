using Multihead.Models;
using Multihead.Models.Configuration;

namespace Multihead.Training.Batches;

/// <summary>Some pairs laid out for the model, ragged: sources end with the end mark; the decoder reads the start mark and the
/// target, and predicts the target and the end mark. Its buffers have room for the token budget and are used again.</summary>
internal sealed class Batch(int tokenBudget)
{
    private readonly int[] _sourceIds = new int[tokenBudget];
    private readonly int[] _inputIds = new int[tokenBudget];
    private readonly int[] _targetIds = new int[tokenBudget];
    private readonly int[] _sourceLengths = new int[tokenBudget];
    private readonly int[] _targetLengths = new int[tokenBudget];
    private int _count;

    /// <summary>Source tokens, end marks included.</summary>
    public int SourceTokens { get; private set; }

    /// <summary>Target tokens, end marks included: predictions.</summary>
    public int TargetTokens { get; private set; }

    public TokenSequences Sources => new(_sourceIds.AsSpan(0, SourceTokens), _sourceLengths.AsSpan(0, _count));

    public TokenSequences Inputs => new(_inputIds.AsSpan(0, TargetTokens), _targetLengths.AsSpan(0, _count));

    public ReadOnlySpan<int> Targets => _targetIds.AsSpan(0, TargetTokens);

    /// <summary>Lays out the pairs.</summary>
    public void Fill(EncodedCorpus corpus, ReadOnlySpan<int> pairs, ModelConfig config)
    {
        (SourceTokens, TargetTokens, _count) = (0, 0, pairs.Length);
        for (var i = 0; i < pairs.Length; i++)
        {
            var source = corpus.Source(pairs[i]);
            var target = corpus.Target(pairs[i]);
            source.CopyTo(_sourceIds.AsSpan(SourceTokens));
            _sourceIds[SourceTokens + source.Length] = config.EndOfSentenceId;
            _inputIds[TargetTokens] = config.DecoderStartId;
            target.CopyTo(_inputIds.AsSpan(TargetTokens + 1));
            target.CopyTo(_targetIds.AsSpan(TargetTokens));
            _targetIds[TargetTokens + target.Length] = config.EndOfSentenceId;
            (_sourceLengths[i], _targetLengths[i]) = (source.Length + 1, target.Length + 1);
            SourceTokens += source.Length + 1;
            TargetTokens += target.Length + 1;
        }
    }
}
