using Multihead.Kernels.Activations;
using Multihead.Kernels.Attention;
using Multihead.Models.Configuration;
using Multihead.Models.Positions;
using Multihead.Tensors.Operations;
using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Tensors.Operations;

/// <summary>A gradient case, or several, for every operation. Sizes are odd on purpose: whole vectors and a rest.</summary>
internal static unsafe class OperationCases
{
    private const int Rows = 5;
    private const int Columns = 37;
    private const float Rate = 0.3f;
    private static readonly int[] Ids = [3, 0, 3, 6, 3];
    private static readonly int[] Positions = [0, 1, 2, 0, 1];
    private static readonly float[] PositionTable = [.. Enumerable.Range(0, 3 * Columns).Select(i => MathF.Sin(i))];

    // Two sequences of 3 and 4 queries over 3 and 6 keys.
    private static readonly AttentionSpan[] Crossing = [new(0, 3, 0, 3), new(3, 4, 3, 6)];
    private static readonly AttentionSpan[] Itself = [new(0, 2, 0, 2), new(2, 5, 2, 5)];

    public static IReadOnlyList<OperationCase> All { get; } =
    [
        new("linear", typeof(Linear), [X(), Weight("W", 13, Columns), Weight("b", 1, 13)],
            t => t.Send(Linear.Apply(t.Workspace, t.Input("x"), t.Weight("W"), t.Weight("b"))),
            p => p.Send(PlainOperations.Linear(p["x"], p["W"], p["b"]))),
        new("linear without bias", typeof(Linear), [X(), Weight("W", 13, Columns)],
            t => t.Send(Linear.Apply(t.Workspace, t.Input("x"), t.Weight("W"), null)),
            p => p.Send(PlainOperations.Linear(p["x"], p["W"], null))),
        Activation<Relu>("relu", PlainOperations.Relu),
        Activation<Gelu>("gelu", PlainOperations.Gelu),
        Activation<Silu>("silu", PlainOperations.Silu),
        Activation<GeluTanh>("geluTanh", PlainOperations.GeluTanh),
        new("add residual", typeof(AddResidual), [Input("residual", Rows, Columns), X()],
            t => t.Send(AddResidual.Apply(t.Workspace, t.Input("residual"), t.Copy("x"), Rate)),
            p => p.Send(p["residual"] + p.Dropout.Apply(p["x"], Rate))),
        new("add residual to itself", typeof(AddResidual), [X()],
            t => t.Send(AddResidual.Apply(t.Workspace, t.Input("x"), t.Copy("x"), Rate)),
            p => p.Send(p["x"] + p.Dropout.Apply(p["x"], Rate))),
        new("drop out", typeof(DropOut), [X()],
            t => t.Send(DropOut.Apply(t.Workspace, t.Input("x"), Rate)),
            p => p.Send(p.Dropout.Apply(p["x"], Rate))),
        new("layer norm", typeof(LayerNormalization), [X(), Weight("gain", 1, Columns), Weight("bias", 1, Columns)],
            t => t.Send(LayerNormalization.Apply(t.Workspace, t.Input("x"), t.Weight("gain"), t.Weight("bias"), 1e-5f)),
            p => p.Send(PlainOperations.LayerNorm(p["x"], p["gain"], p["bias"], 1e-5f))),
        new("rms norm", typeof(RootMeanSquareNormalization), [X(), Weight("gain", 1, Columns)],
            t => t.Send(RootMeanSquareNormalization.Apply(t.Workspace, t.Input("x"), t.Weight("gain"), 1e-5f)),
            p => p.Send(PlainOperations.RmsNorm(p["x"], p["gain"], 1e-5f))),
        new("layer norm of a residual sum", typeof(LayerNormalization),
            [Input("residual", Rows, Columns), X(), Weight("gain", 1, Columns), Weight("bias", 1, Columns)],
            t => t.Send(LayerNormalization.ApplyToSum(t.Workspace, t.Input("residual"), t.Copy("x"), Rate, t.Weight("gain"),
                t.Weight("bias"), 1e-5f, out var sum)) + t.Send(sum),
            p =>
            {
                var sum = p["residual"] + p.Dropout.Apply(p["x"], Rate);
                return p.Send(PlainOperations.LayerNorm(sum, p["gain"], p["bias"], 1e-5f)) + p.Send(sum);
            }),
        new("rms norm of a residual sum", typeof(RootMeanSquareNormalization),
            [Input("residual", Rows, Columns), X(), Weight("gain", 1, Columns)],
            t => t.Send(RootMeanSquareNormalization.ApplyToSum(t.Workspace, t.Input("residual"), t.Copy("x"), Rate,
                t.Weight("gain"), 1e-5f, out _)),
            p => p.Send(PlainOperations.RmsNorm(p["residual"] + p.Dropout.Apply(p["x"], Rate), p["gain"], 1e-5f))),
        new("norm that nothing reads", typeof(LayerNormalization), [Input("residual", Rows, Columns), X(),
                Weight("gain", 1, Columns), Weight("bias", 1, Columns)],
            t =>
            {
                LayerNormalization.ApplyToSum(t.Workspace, t.Input("residual"), t.Copy("x"), Rate, t.Weight("gain"),
                    t.Weight("bias"), 1e-5f, out var sum);
                return t.Send(sum) + t.Send(LayerNormalization.Apply(t.Workspace, sum, t.Weight("gain"), t.Weight("bias"), 1e-5f));
            },
            p =>
            {
                var sum = p["residual"] + p.Dropout.Apply(p["x"], Rate);
                return p.Send(sum) + p.Send(PlainOperations.LayerNorm(sum, p["gain"], p["bias"], 1e-5f));
            }),
        new("layer norm of a sum with itself", typeof(LayerNormalization),
            [X(), Weight("gain", 1, Columns), Weight("bias", 1, Columns)],
            t => t.Send(LayerNormalization.ApplyToSum(t.Workspace, t.Input("x"), t.Copy("x"), Rate, t.Weight("gain"),
                t.Weight("bias"), 1e-5f, out _)),
            p => p.Send(PlainOperations.LayerNorm(p["x"] + p.Dropout.Apply(p["x"], Rate), p["gain"], p["bias"], 1e-5f))),
        Attention("attention", 3, 3, causal: false, Crossing),
        Attention("causal attention", 2, 2, causal: true, Itself),
        Attention("attention with grouped heads", 4, 2, causal: false, Crossing),
        AttentionOfOneTensor(),
        Attention("attention over a window", 2, 1, causal: true, Itself, window: 2),
        Attention("attention with capped logits", 2, 2, causal: true, Itself, cap: 0.5f),
        Gated<Silu>("gated feed-forward with SiLU", PlainOperations.Silu),
        Gated<GeluTanh>("gated feed-forward with the tanh approximation of GELU", PlainOperations.GeluTanh),
        Rotation(),
        new("soft cap", typeof(SoftCap), [X(), Weight("W", 13, Columns)], // behind a product, whose result it changes
            t => t.Send(SoftCap.Apply(t.Workspace, Linear.Apply(t.Workspace, t.Input("x"), t.Weight("W"), null), 1.5f)),
            p => p.Send(PlainOperations.Linear(p["x"], p["W"], null).Map(y => 1.5 * Math.Tanh(y / 1.5)))),
        new("rows", typeof(TakeRows), [X()],
            t => t.Send(TakeRows.Apply(t.Workspace, t.Input("x"), [3, 0, 3])),
            p => p.Send(PlainOperations.Embed(p["x"], [3, 0, 3], 1, null, []))),
        new("columns", typeof(TakeColumns), [X()],
            t => t.Send(TakeColumns.Apply(t.Workspace, new(t.Input("x"), 3), 5)),
            p => p.Send(p["x"].Part(3, 5))),
        new("embedding", typeof(Embedding), [Weight("table", 7, Columns)],
            t => t.Send(Embedding.Apply(t.Workspace, t.Weight("table"), Ids, 1.7f, default(Multihead.Tensors.Weight), [])),
            p => p.Send(PlainOperations.Embed(p["table"], Ids, 1.7f, null, []))),
        new("embedding with positions", typeof(Embedding), [Weight("table", 7, Columns)],
            t => t.Send(Embedding.Apply(t.Workspace, t.Weight("table"), Ids, 1.7f, t.Workspace.Keep<float>(PositionTable),
                Positions)),
            p => p.Send(PlainOperations.Embed(p["table"], Ids, 1.7f, PlainMatrix.Of(PositionTable, 3, Columns), Positions))),
        new("embedding with learned positions", typeof(Embedding), [Weight("table", 7, Columns), Weight("positions", 3, Columns)],
            t => t.Send(Embedding.Apply(t.Workspace, t.Weight("table"), Ids, 1, t.Weight("positions"), Positions)),
            p => p.Send(PlainOperations.Embed(p["table"], Ids, 1, p["positions"], Positions))),
        Loss("cross-entropy", 0, bias: false),
        Loss("cross-entropy with smoothing and bias", 0.1f, bias: true),
        new("one table for embedding and cross-entropy", typeof(CrossEntropy), [Weight("table", 7, Columns)],
            t => 0.3f * CrossEntropy.Apply(t.Workspace, Embedding.Apply(t.Workspace, t.Weight("table"), Ids, 1.7f, default(Multihead.Tensors.Weight), []),
                t.Weight("table"), null, Ids, 0.1f, 0.3f).Loss,
            p => 0.3f * PlainOperations.CrossEntropy(PlainOperations.Linear(
                PlainOperations.Embed(p["table"], Ids, 1.7f, null, []), p["table"], null), Ids, 0.1f).Loss),
        Stream(),
    ];

    private static Variable X() => Variable.Input("x", Rows, Columns);

    private static Variable Input(string name, int rows, int columns) => Variable.Input(name, rows, columns);

    private static Variable Weight(string name, int rows, int columns) => Variable.Weight(name, rows, columns);

    private static OperationCase Activation<TActivation>(string name, Func<double, double> plain)
        where TActivation : unmanaged, IActivation
    {
        const int width = 5, inner = 36; // inside, a whole tile and a rest of four
        return new OperationCase(name, typeof(ExpandAndContract),
            [Input("x", Rows, width), Weight("W1", inner, width), Weight("b1", 1, inner), Weight("W2", 3, inner),
                Weight("b2", 1, 3)],
            t => t.Send(ExpandAndContract.Apply<TActivation>(t.Workspace, t.Input("x"), t.Weight("W1"), t.Weight("b1"),
                t.Weight("W2"), t.Weight("b2"), Rate)),
            p => p.Send(PlainOperations.Linear(
                p.Dropout.Apply(PlainOperations.Linear(p["x"], p["W1"], p["b1"]).Map(plain), Rate), p["W2"], p["b2"])));
    }

    private static OperationCase Gated<TActivation>(string name, Func<double, double> plain) where TActivation : unmanaged, IActivation
    {
        const int inner = 37;
        return new OperationCase(name, typeof(GateAndContract),
            [X(), Weight("W1", 2 * inner, Columns), Weight("W2", 3, inner)],
            t => t.Send(GateAndContract.Apply<TActivation>(t.Workspace, t.Input("x"), t.Weight("W1"), t.Weight("W2"), Rate)),
            p =>
            {
                var both = PlainOperations.Linear(p["x"], p["W1"], null);
                var (gate, h) = (both.Part(0, inner).Map(plain), both.Part(inner, inner));
                for (var i = 0; i < h.Data.Length; i++) h.Data[i] *= gate.Data[i];
                return p.Send(PlainOperations.Linear(p.Dropout.Apply(h, Rate), p["W2"], null));
            });
    }

    // Behind a product, since it turns in place what the case would otherwise need again.
    private static OperationCase Rotation()
    {
        const int heads = 2, dim = 6, theta = 100;
        int[] positions = [.. Enumerable.Range(0, Rows).Select(i => i * 3 % 7)];
        return new OperationCase("rotation", typeof(Rotate), [X(), Weight("W", heads * dim + 1, Columns)],
            t =>
            {
                var y = Linear.Apply(t.Workspace, t.Input("x"), t.Weight("W"), null);
                var angles = new RotaryAngles(new RotaryPositionsConfig(16, theta), dim).Of(t.Workspace, positions);
                Rotate.Apply(t.Workspace, new(y, 1), angles, heads, dim);
                return t.Send(y);
            },
            p =>
            {
                var y = PlainOperations.Linear(p["x"], p["W"], null);
                var turned = PlainOperations.Rotate(y.Part(1, heads * dim), dim, theta, positions);
                for (var i = 0; i < Rows; i++) turned.Row(i).CopyTo(y.Row(i)[1..]);
                return p.Send(y);
            });
    }

    private static OperationCase Attention(string name, int heads, int keyValueHeads, bool causal, AttentionSpan[] spans,
        int window = 0, float cap = 0)
    {
        const int dim = 5;
        var (queries, keys) = (spans.Sum(s => s.QueryCount), spans.Sum(s => s.KeyCount));
        var shape = new AttentionShape(heads, keyValueHeads, dim, causal, Rate) { Window = window, LogitCap = cap };
        return new OperationCase(name, typeof(Attend),
            [Input("query", queries, heads * dim), Input("key", keys, keyValueHeads * dim),
                Input("value", keys, keyValueHeads * dim)],
            t => t.Send(Attend.Apply(t.Workspace, new(t.Input("query"), 0), new(t.Input("key"), 0), new(t.Input("value"), 0),
                shape, spans)),
            p => p.Send(PlainAttention.Apply(p["query"], p["key"], p["value"], heads, keyValueHeads, causal, spans,
                p.Dropout.Attention(Rate, heads), window, cap: cap)));
    }

    // Query, key and value beside each other, as one product makes them, with columns around that belong to none.
    private static OperationCase AttentionOfOneTensor()
    {
        const int heads = 2, width = 8;
        var shape = new AttentionShape(heads, heads, width / heads, Causal: true, Rate);
        return new OperationCase("attention over columns of one tensor", typeof(Attend), [Input("all", 7, 3 * width + 3)],
            t =>
            {
                var all = t.Input("all");
                return t.Send(Attend.Apply(t.Workspace, new(all, 1), new(all, 1 + width), new(all, 2 + 2 * width), shape,
                    Itself));
            },
            p => p.Send(PlainAttention.Apply(p["all"].Part(1, width), p["all"].Part(1 + width, width),
                p["all"].Part(2 + 2 * width, width), heads, heads, true, Itself, p.Dropout.Attention(Rate, heads))));
    }

    private static OperationCase Loss(string name, float smoothing, bool bias)
    {
        const float scale = 0.3f;
        Variable[] variables = [X(), Weight("table", 13, Columns), .. bias ? [Weight("bias", 1, 13)] : Array.Empty<Variable>()];
        return new OperationCase(name, typeof(CrossEntropy), variables,
            t => scale * CrossEntropy.Apply(t.Workspace, t.Input("x"), t.Weight("table"), bias ? t.Weight("bias") : null, Ids,
                smoothing, scale).Loss,
            p => scale * PlainOperations.CrossEntropy(PlainOperations.Linear(p["x"], p["table"], bias ? p["bias"] : null), Ids,
                smoothing).Loss);
    }

    // Two sublayers on one residual stream, whose gradient's memory is handed on from sum to sum.
    private static OperationCase Stream() => new("residual stream", typeof(AddResidual), [X(), Weight("gain", 1, Columns)],
        t =>
        {
            var (w, x) = (t.Workspace, t.Input("x"));
            for (var i = 0; i < 2; i++)
                x = AddResidual.Apply(w, x, RootMeanSquareNormalization.Apply(w, x, t.Weight("gain"), 1e-5f), Rate);
            return t.Send(x) + t.Send(x);
        },
        p =>
        {
            var x = p["x"];
            for (var i = 0; i < 2; i++) x += p.Dropout.Apply(PlainOperations.RmsNorm(x, p["gain"], 1e-5f), Rate);
            return p.Send(x) + p.Send(x);
        });
}
