using Multihead.Benchmarks.Harness;
using Multihead.Kernels.Attention;
using Multihead.Kernels.Gemm;
using Multihead.Kernels.Threading;

namespace Multihead.Benchmarks.Attention;

/// <summary>Attention by our kernels; all matrices are fp32 in memory, and rounded within the step where the precision says so.
/// </summary>
internal sealed unsafe class OurAttention : IWork
{
    private const int Stride = AttentionCase.HeadCount * AttentionCase.HeadDim;

    private readonly ThreadTeam _team = new(BenchmarkCase.Threads);
    private readonly ProductFormat _format;
    private readonly AttentionSpan _span;
    private readonly FloatMemory _query, _key, _value, _outputGradient; // [length, heads * headDim], as all that follow
    private readonly FloatMemory _output, _queryGradient, _keyGradient, _valueGradient;
    private readonly FloatMemory _logSumExp; // [length, heads]

    public OurAttention(int length, string precision, Exchange inputs)
    {
        _format = OurFormats.Parse(precision);
        _span = new AttentionSpan(0, length, 0, length);
        FloatMemory Input(string name) => new(inputs, name, (long)length * Stride);
        FloatMemory Empty() => new((long)length * Stride);
        (_query, _key, _value, _outputGradient) = (Input("query"), Input("key"), Input("value"), Input("outputGradient"));
        (_output, _queryGradient, _keyGradient, _valueGradient) = (Empty(), Empty(), Empty(), Empty());
        _logSumExp = new FloatMemory((long)length * AttentionCase.HeadCount);
    }

    public void Step()
    {
        var span = _span;
        var problem = new AttentionProblem
        {
            Query = _query.Data,
            QueryStride = Stride,
            Key = _key.Data,
            KeyStride = Stride,
            Value = _value.Data,
            ValueStride = Stride,
            Output = _output.Data,
            OutputStride = Stride,
            LogSumExp = _logSumExp.Data,
            Spans = &span,
            SpanCount = 1,
            HeadCount = AttentionCase.HeadCount,
            KeyValueHeadCount = AttentionCase.HeadCount,
            HeadDim = AttentionCase.HeadDim,
            Scale = 1 / MathF.Sqrt(AttentionCase.HeadDim),
            Causal = true,
            Format = _format,
        };
        FusedAttention.Forward(_team, problem);
        FusedAttention.Backward(_team, problem, new AttentionGradients
        {
            Output = _outputGradient.Data,
            OutputStride = Stride,
            Query = _queryGradient.Data,
            QueryStride = Stride,
            Key = _keyGradient.Data,
            KeyStride = Stride,
            Value = _valueGradient.Data,
            ValueStride = Stride,
        });
    }

    public void WriteResults(Exchange results)
    {
        results.Write("output", _output.Span);
        results.Write("queryGradient", _queryGradient.Span);
        results.Write("keyGradient", _keyGradient.Span);
        results.Write("valueGradient", _valueGradient.Span);
    }

    public void Dispose()
    {
        foreach (var memory in (FloatMemory[])[_query, _key, _value, _outputGradient, _output, _queryGradient, _keyGradient,
            _valueGradient, _logSumExp]) memory.Dispose();
        _team.Dispose();
    }
}
