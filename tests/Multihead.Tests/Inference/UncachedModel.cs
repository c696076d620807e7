using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Tensors;
using Multihead.Tests.Training;

namespace Multihead.Tests.Inference;

/// <summary>A model of random weights, asked in the plain way: the whole output so far every time, no cache, and a softmax in
/// double precision.</summary>
internal sealed class UncachedModel : IDisposable
{
    private readonly Workspace _workspace = new(ThreadTeam.Shared);

    public UncachedModel(int vocabulary, ulong seed, int maxLength = 64)
    {
        // Tied embeddings would only repeat the token before, and small weights say the same at every position.
        var config = TinyModel.Config(vocabulary, dim: 16, maxLength: maxLength) with { TieEmbeddings = false };
        Model = new EncoderDecoder(config, learning: false);
        Model.Parameters.Initialize(seed);
        unsafe
        {
            for (long i = 0; i < Model.Parameters.FlatCount; i++) Model.Parameters.Values[i] *= 2;
        }
        Model.Pack(ThreadTeam.Shared);
    }

    public EncoderDecoder Model { get; }

    public int End => Model.Config.EndOfSentenceId;

    public void Dispose()
    {
        Model.Dispose();
        _workspace.Dispose();
    }

    /// <summary>A source of random words with its end mark.</summary>
    public int[] Source(int words, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, words).Select(_ => random.Next(TinyModel.FirstWord, Model.Config.VocabularySize)), End];
    }

    /// <summary>log p(next token | source, output so far), for every token.</summary>
    public double[] LogProbabilities(int[] source, ReadOnlySpan<int> output)
    {
        int[] inputs = [Model.Config.DecoderStartId, .. output];
        _workspace.BeginStep();
        var logits = Model.Logits(_workspace, new(source, [source.Length]), new(inputs, [inputs.Length]));
        var row = logits.Row(inputs.Length - 1).ToArray().Select(x => (double)x).ToArray();
        var largest = row.Max();
        var normalizer = largest + Math.Log(row.Sum(x => Math.Exp(x - largest)));
        return [.. row.Select(x => x - normalizer)];
    }

    /// <summary>Of all tokens, and of the end mark where the output was not cut.</summary>
    public double LogProbability(int[] source, int[] output, bool cut)
    {
        var sum = 0.0;
        for (var t = 0; t < output.Length; t++) sum += LogProbabilities(source, output.AsSpan(0, t))[output[t]];
        return cut ? sum : sum + LogProbabilities(source, output)[End];
    }
}
