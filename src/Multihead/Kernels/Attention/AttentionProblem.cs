using System.Diagnostics;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.RandomNumbers;

namespace Multihead.Kernels.Attention;

/// <summary>Multi-head scaled dot-product attention over a batch of spans: for every span and head,
/// Output = softmax(Scale * Query Key^T) Value. "Attention Is All You Need", https://arxiv.org/abs/1706.03762, equation 1;
/// grouped heads as in https://arxiv.org/abs/2305.13245. Strides are in floats between rows, so that parts of one wide
/// matrix (a fused projection) can be named; head h stands at columns h * HeadDim.</summary>
internal unsafe struct AttentionProblem
{
    /// <summary>[queryRows, heads * headDim].</summary>
    public float* Query;
    public int QueryStride;

    /// <summary>[keyRows, keyValueHeads * headDim].</summary>
    public float* Key;
    public int KeyStride;

    /// <summary>[keyRows, keyValueHeads * headDim].</summary>
    public float* Value;
    public int ValueStride;

    /// <summary>[queryRows, heads * headDim]; rows outside every span are not touched.</summary>
    public float* Output;
    public int OutputStride;

    /// <summary>[queryRows, heads]: the natural logarithm of the sum of exponentials of each row's logits, which the
    /// backward pass needs; null where none follows. Minus infinity for a row that sees no key.</summary>
    public float* LogSumExp;

    /// <summary>Query rows of different spans must not overlap; key rows may in the forward pass.</summary>
    public AttentionSpan* Spans;
    public int SpanCount;

    public int HeadCount;

    /// <summary>A divisor of <see cref="HeadCount"/>; equal to it without grouping.</summary>
    public int KeyValueHeadCount;

    /// <summary>1..256.</summary>
    public int HeadDim;

    /// <summary>What logits are multiplied by, commonly 1 / sqrt(HeadDim); not below zero.</summary>
    public float Scale;

    /// <summary>Whether a query sees only the keys at its own position and before.</summary>
    public bool Causal;

    /// <summary>How many keys a query sees at most, its own and those just before: <see cref="WindowKeys"/>. 0 for all; else
    /// <see cref="Causal"/> holds.</summary>
    public int Window;

    /// <summary>Logits stay between minus this and this: <see cref="CappedLogits"/>. 0 where they are not capped.</summary>
    public float LogitCap;

    /// <summary>What both sides of every product are rounded to: queries, keys, values, probabilities and, in the backward pass,
    /// their gradients: fp32, or bf16 where that is served. Sums and the softmax are fp32 in both.</summary>
    public ProductFormat Format;

    /// <summary>The share of probabilities that is set to zero, 0 to below 1; the rest is scaled to keep the mean.</summary>
    public float DropoutRate;

    /// <summary>The pattern; the backward pass needs the same.</summary>
    public DropoutKey DropoutKey;

    /// <summary>Query heads that share a key and value head.</summary>
    public readonly int Group => HeadCount / KeyValueHeadCount;

    [Conditional("DEBUG")]
    public readonly void AssertValid()
    {
        Debug.Assert(HeadDim is >= 1 and <= 256, "HeadDim is 1..256.");
        Debug.Assert(KeyValueHeadCount > 0 && HeadCount % KeyValueHeadCount == 0, "KeyValueHeadCount divides HeadCount.");
        Debug.Assert(Scale >= 0, "Scale is not below zero.");
        Debug.Assert(Window >= 0 && (Window == 0 || Causal), "A window reaches back alone.");
        Debug.Assert(LogitCap >= 0, "LogitCap is not below zero.");
        Debug.Assert(Format == ProductFormat.Fp32 || (Format == ProductFormat.Bf16 && AssembledProduct.Serves(Format)),
            "Format is fp32, or bf16 where it is served.");
        Debug.Assert(DropoutRate is >= 0 and < 1, "DropoutRate is at least 0 and less than 1.");
        for (var i = 0; i < SpanCount; i++)
            Debug.Assert(Spans[i] is { QueryStart: >= 0, QueryCount: >= 0, KeyStart: >= 0, KeyCount: >= 0 }, "No negative span.");
    }
}
