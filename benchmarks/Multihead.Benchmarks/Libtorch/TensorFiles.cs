using Multihead.Benchmarks.Harness;
using TorchSharp;

namespace Multihead.Benchmarks.Libtorch;

/// <summary>Tensors of libtorch from and to the files of a case.</summary>
internal static class TensorFiles
{
    public static torch.Tensor Read(Exchange inputs, string name, params long[] shape) =>
        torch.tensor(inputs.Read(name)).reshape(shape);

    /// <summary>Writes the values row by row, widened to fp32.</summary>
    public static void Write(Exchange results, string name, torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        results.Write(name, tensor.detach().to(torch.float32).contiguous().data<float>().ToArray());
    }
}
