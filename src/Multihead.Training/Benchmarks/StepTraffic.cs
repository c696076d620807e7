using Multihead.Models.Configuration;

namespace Multihead.Training.Benchmarks;

/// <summary>Bytes that a training step brings from memory and back, counted from shapes as if caches kept nothing from one
/// operation to the next. Like the operations, those of products, attention and update are counted; norms and the like are not.
/// </summary>
internal static class StepTraffic
{
    // A weight is read forward and backward; its gradient is written, and read for its norm; Adam reads weight, gradient and two
    // moments and writes three of them.
    private const int FloatsPerParameter = 11;

    // A product's rows in and out: y = x W^T, dx = dy W and dW = dy^T x each touch both.
    private const int TimesPerStep = 3;

    /// <summary>Of an encoder-decoder.</summary>
    public static double Bytes(ModelConfig config, long sourceTokens, long targetTokens, long parameterCount)
    {
        double dim = config.ModelDim, feedForward = 2 * (dim + config.FeedForwardDim);
        var encoderLayer = SelfAttention(dim) + feedForward;
        var decoderLayer = SelfAttention(dim) + 6 * dim + feedForward; // query, output and the other attention's own
        var source = config.EncoderLayerCount * encoderLayer
            + config.DecoderLayerCount * 5 * dim; // keys and values: made, and attended to
        var target = config.DecoderLayerCount * decoderLayer + dim; // logits never leave the caches
        return Bytes(source * sourceTokens + target * targetTokens, parameterCount);
    }

    /// <summary>Of a decoder-only model.</summary>
    public static double Bytes(DecoderOnlyConfig config, long tokens, long parameterCount)
    {
        double dim = config.ModelDim;
        var layer = SelfAttention(dim) + 2 * (dim + config.FeedForwardDim);
        return Bytes((config.LayerCount * layer + dim) * tokens, parameterCount);
    }

    // Floats in and out for each token: the products before (1 + 3) and behind (1 + 1), and attention itself (3 + 1).
    private static double SelfAttention(double dim) => 10 * dim;

    private static double Bytes(double floats, long parameterCount) =>
        sizeof(float) * (TimesPerStep * floats + (double)FloatsPerParameter * parameterCount);
}
