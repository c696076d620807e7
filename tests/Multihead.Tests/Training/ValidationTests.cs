using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Tensors;
using Multihead.Training;

namespace Multihead.Tests.Training;

public class ValidationTests
{
    // Dropout is in the configuration, so that it would be seen if it were on.
    [Fact]
    public void IsTheMeanNegativeLogLikelihoodOfATargetToken()
    {
        using var model = new EncoderDecoder(TinyModel.Config(dropout: 0.5f), learning: true);
        model.Parameters.Initialize(seed: 3);
        var pairs = SequenceTask.Pairs(12, 30, seed: 4, SequenceTask.Reverse);
        using var workspace = new Workspace(ThreadTeam.Shared, new Tape());
        var loss = new Validation(model, SequenceTask.Corpus(pairs), 40).Loss(workspace);

        var (sum, tokens) = (0.0, 0);
        foreach (var (source, target) in pairs)
        {
            sum -= LogProbabilities(model, source, target).Sum();
            tokens += target.Length + 1;
        }
        Assert.Equal(sum / tokens, loss, 1e-5 * loss);
    }

    [Fact]
    public void RepeatsItselfAndWritesNoGradients()
    {
        using var model = new EncoderDecoder(TinyModel.Config(dropout: 0.5f), learning: true);
        model.Parameters.Initialize(seed: 3);
        var corpus = SequenceTask.Corpus(SequenceTask.Pairs(12, 30, seed: 4, SequenceTask.Reverse));
        using var workspace = new Workspace(ThreadTeam.Shared, new Tape());
        var validation = new Validation(model, corpus, 40);
        Assert.Equal(validation.Loss(workspace), validation.Loss(workspace));
        unsafe
        {
            for (long i = 0; i < model.Parameters.FlatCount; i++) Assert.Equal(0, model.Parameters.Gradients[i]);
        }
    }

    // Of each target token and the end mark, by a softmax in double over the whole logits of one pair.
    private static IEnumerable<double> LogProbabilities(EncoderDecoder model, int[] source, int[] target)
    {
        var config = model.Config;
        using var workspace = new Workspace(ThreadTeam.Shared);
        int[] ids = [.. source, config.EndOfSentenceId], inputs = [config.DecoderStartId, .. target];
        int[] targets = [.. target, config.EndOfSentenceId];
        var logits = model.Logits(workspace, new(ids, [ids.Length]), new(inputs, [inputs.Length]));
        var result = new double[targets.Length];
        for (var t = 0; t < targets.Length; t++)
        {
            var row = logits.Row(t).ToArray().Select(x => (double)x).ToArray();
            result[t] = row[targets[t]] - Math.Log(row.Sum(Math.Exp));
        }
        return result;
    }
}
