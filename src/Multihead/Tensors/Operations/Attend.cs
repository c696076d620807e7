using Multihead.Kernels.Attention;

namespace Multihead.Tensors.Operations;

/// <summary>Some columns of a tensor: where queries, keys or values stand when one product made them together.</summary>
internal readonly record struct ColumnRange(Tensor Tensor, int First);

/// <summary>The shape of an attention that does not change from batch to batch.</summary>
internal readonly record struct AttentionShape(int HeadCount, int KeyValueHeadCount, int HeadDim, bool Causal, float Dropout)
{
    /// <summary>What logits are multiplied by: 1 / sqrt(headDim) unless said, so that the softmax doesn't saturate, section
    /// 3.2.1.</summary>
    public float Scale { get; init; } = 1 / MathF.Sqrt(HeadDim);

    /// <summary>How many keys a query of causal attention sees at most; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>Logits are softly kept between minus this and this; 0 where they are not.</summary>
    public float LogitCap { get; init; }

    /// <summary>Columns of all queries, and of the output.</summary>
    public int QueryColumns => HeadCount * HeadDim;

    /// <summary>Columns of all keys, and of all values.</summary>
    public int KeyColumns => KeyValueHeadCount * HeadDim;
}

/// <summary>softmax(Q K^T * scale) V for every head of every sequence. "Attention Is All You Need", equation 1,
/// https://arxiv.org/abs/1706.03762. Q: [queryRows, heads * headDim]; K, V: [keyRows, keyValueHeads * headDim]; y as Q.
/// </summary>
internal static unsafe class Attend
{
    public static Tensor Apply(Workspace w, ColumnRange query, ColumnRange key, ColumnRange value, in AttentionShape shape,
        ReadOnlySpan<AttentionSpan> spans)
    {
        var y = w.Allocate(query.Tensor.Rows, shape.QueryColumns);
        var problem = new AttentionProblem
        {
            Query = query.Tensor.Data + query.First,
            QueryStride = query.Tensor.Columns,
            Key = key.Tensor.Data + key.First,
            KeyStride = key.Tensor.Columns,
            Value = value.Tensor.Data + value.First,
            ValueStride = value.Tensor.Columns,
            Output = y.Data,
            OutputStride = y.Columns,
            Spans = w.Keep(spans),
            SpanCount = spans.Length,
            HeadCount = shape.HeadCount,
            KeyValueHeadCount = shape.KeyValueHeadCount,
            HeadDim = shape.HeadDim,
            Scale = shape.Scale,
            Causal = shape.Causal,
            Window = shape.Window,
            LogitCap = shape.LogitCap,
            Format = w.ProductFormat,
        };
        if (w.DropsOut && shape.Dropout > 0)
        {
            problem.DropoutRate = shape.Dropout;
            problem.DropoutKey = w.NextDropoutKey();
        }
        if (w.Tape is not null) problem.LogSumExp = w.Arena.Take<float>((long)y.Rows * shape.HeadCount);
        FusedAttention.Forward(w.Team, problem);
        w.Tape?.Record(new Record { Query = query, Key = key, Value = value, Y = y, Problem = problem });
        return y;
    }

    private struct Record : IBackward
    {
        public ColumnRange Query, Key, Value;
        public Tensor Y;
        public AttentionProblem Problem;

        public readonly void Backward(Workspace w)
        {
            if (!Y.HasGradient) return;
            // Query, key and value may be columns of one tensor: whoever opens it first clears it, then all three add.
            float* query = w.OpenGradientToAdd(Query.Tensor), key = w.OpenGradientToAdd(Key.Tensor);
            var value = w.OpenGradientToAdd(Value.Tensor);
            FusedAttention.Backward(w.Team, Problem, new AttentionGradients
            {
                Accumulate = true,
                Output = Y.Gradient->Data,
                OutputStride = Y.Columns,
                QueryStride = Query.Tensor.Columns,
                KeyStride = Key.Tensor.Columns,
                ValueStride = Value.Tensor.Columns,
                Query = query + Query.First,
                Key = key + Key.First,
                Value = value + Value.First,
            });
        }
    }
}
