using Multihead.Benchmarks.Harness;
using Multihead.Benchmarks.Libtorch;
using static TorchSharp.torch;

namespace Multihead.Benchmarks.Attention;

/// <summary>Attention by <c>scaled_dot_product_attention</c>, which is tiled on CPU; in bf16 all tensors are bf16 in memory.
/// </summary>
internal sealed class LibtorchAttention : IWork
{
    private readonly Tensor[] _inputs; // query, key, value: [batch, length, heads, headDim]
    private readonly Tensor _outputGradient;
    private Tensor[] _results = []; // output and the gradients of the inputs, of the first step

    public LibtorchAttention(int length, string precision, Exchange inputs)
    {
        var type = LibtorchRuntime.Start(precision);
        Tensor Input(string name) =>
            TensorFiles.Read(inputs, name, 1, length, AttentionCase.HeadCount, AttentionCase.HeadDim).to(type);
        _inputs = [Input("query").requires_grad_(), Input("key").requires_grad_(), Input("value").requires_grad_()];
        _outputGradient = Input("outputGradient");
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        var output = nn.functional.scaled_dot_product_attention(_inputs[0].transpose(1, 2), _inputs[1].transpose(1, 2),
            _inputs[2].transpose(1, 2), is_casual: true).transpose(1, 2);
        var gradients = autograd.grad([output], _inputs, [_outputGradient]);
        if (_results.Length > 0) return;
        _results = [output.detach().MoveToOuterDisposeScope(), .. gradients.Select(g => g.MoveToOuterDisposeScope())];
    }

    public void WriteResults(Exchange results)
    {
        string[] names = ["output", "queryGradient", "keyGradient", "valueGradient"];
        foreach (var (name, tensor) in names.Zip(_results))
        {
            TensorFiles.Write(results, name, tensor);
            tensor.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _inputs) tensor.Dispose();
        _outputGradient.Dispose();
    }
}
