using System.Globalization;
using Multihead.Benchmarks.Harness;
using Multihead.Benchmarks.Libtorch;
using Multihead.Models.Formats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Multihead.Benchmarks.Training;

/// <summary>A training step by TorchSharp: its layers, its loss, its clipping and its Adam.</summary>
internal sealed class LibtorchStep : IWork
{
    private readonly Func<Tensor> _logits;
    private readonly Tensor _targets; // [tokens]
    private readonly double _smoothing;
    private readonly List<Parameter> _parameters;
    private readonly Adam _optimizer;
    private (double Loss, double GradientNorm)? _first;

    public LibtorchStep(string precision, Exchange inputs)
    {
        var operands = LibtorchRuntime.Start(precision);
        using var file = SafetensorsFile.Open(StepCase.FileIn(inputs));
        var layers = new LibtorchLayers(file, operands);
        _logits = layers.Has(LibtorchEncoderDecoder.TableName)
            ? new LibtorchEncoderDecoder(layers).Logits
            : new LibtorchDecoderOnly(layers).Logits;
        _targets = layers.Ids("batch.targets").flatten();
        _smoothing = double.Parse(file.Metadata["labelSmoothing"], CultureInfo.InvariantCulture);
        _parameters = layers.Parameters;
        _optimizer = optim.Adam(_parameters, lr: 1e-4, beta1: 0.9, beta2: 0.98, eps: 1e-9);
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = Loss();
        loss.backward();
        _first ??= (loss.item<float>(), GradientNorm());
        nn.utils.clip_grad_norm_(_parameters, 1);
        _optimizer.step();
    }

    public void WriteResults(Exchange results) =>
        StepCase.WriteResults(results, _first!.Value.Loss, _first.Value.GradientNorm);

    public void Dispose() => _optimizer.Dispose();

    // With scopes here and in each layer nothing lives until the backward pass that it does not need.
    private Tensor Loss()
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(_logits(), _targets, label_smoothing: _smoothing).MoveToOuterDisposeScope();
    }

    // Not the norm that clipping computes: libtorch sums the squares of a tensor in fp32 and is off by up to 2e-4 for a table of
    // 16,000 by 768, where the gradients themselves agree to 4e-6.
    private double GradientNorm() => Math.Sqrt(_parameters.Sum(p => p.grad!.to(float64).square().sum().item<double>()));
}
