using Multihead.Models.Formats;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Multihead.Benchmarks.Training;

/// <summary>The parts of a Transformer in TorchSharp over the weights of a file. The query, key and value projections that read
/// the same are one product, as in <c>torch.nn.MultiheadAttention</c>. With bf16, products and attention take and give bf16,
/// while weights, residual stream, norms and loss are fp32, as autocast would have it, which TorchSharp 0.107 lacks.</summary>
internal sealed class LibtorchLayers(SafetensorsFile file, ScalarType operands)
{
    private const double Epsilon = 1e-5;

    private readonly int _heads = int.Parse(file.Metadata["heads"], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Every weight once.</summary>
    public List<Parameter> Parameters { get; } = [];

    public bool Has(string name) => file.Contains(name);

    /// <summary>A parameter; of several names, the rows of one after the other.</summary>
    public Parameter Weight(params string[] names)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(cat([.. names.Select(Read)], 0));
        Parameters.Add(parameter);
        return (Parameter)parameter.MoveToOuterDisposeScope();
    }

    /// <summary>Token ids: [batch, length].</summary>
    public Tensor Ids(string name) => Read(name).to(int64);

    /// <summary>How many layers have names that begin with <paramref name="prefix"/>.</summary>
    public int Count(string prefix) =>
        file.Entries.Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(e => e.Name[prefix.Length..].Split('.')[0]).Distinct().Count();

    public Func<Tensor, Tensor> Linear(string prefix, params string[] names)
    {
        var weight = Weight([.. names.Select(name => $"{prefix}.{name}.weight")]);
        var bias = Weight([.. names.Select(name => $"{prefix}.{name}.bias")]);
        return x => linear(x.to(operands), weight.to(operands), bias.to(operands));
    }

    /// <summary>Looks rows of a table up: [batch, length] to [batch, length, dim].</summary>
    public static Func<Tensor, Tensor> Lookup(Parameter table)
    {
        var embedding = nn.Embedding(table.shape[0], table.shape[1]);
        embedding.weight = table;
        return embedding.call;
    }

    /// <summary>The product with the table of embeddings, without bias, in fp32 for the loss: [tokens, vocabulary].</summary>
    public Tensor Logits(Tensor x, Tensor table) => linear(x.to(operands), table.to(operands)).to(float32).flatten(0, 1);

    public Func<Tensor, Tensor> Norm(string name)
    {
        var (gain, bias) = (Weight($"{name}.weight"), Weight($"{name}.bias"));
        return x => layer_norm(x, gain.shape, gain, bias, Epsilon);
    }

    public Func<Tensor, Tensor> SelfAttention(string prefix, string[] inputs, string outputName, bool causal)
    {
        var (project, output) = (Linear(prefix, inputs), Linear(prefix, outputName));
        return x =>
        {
            var parts = project(x).chunk(3, -1);
            return output(Attend(parts[0], parts[1], parts[2], causal));
        };
    }

    public Func<Tensor, Tensor, Tensor> CrossAttention(string prefix)
    {
        var (query, remember, output) =
            (Linear(prefix, "q_proj"), Linear(prefix, "k_proj", "v_proj"), Linear(prefix, "out_proj"));
        return (x, memory) =>
        {
            var parts = remember(memory).chunk(2, -1);
            return output(Attend(query(x), parts[0], parts[1], causal: false));
        };
    }

    // [batch, length, dim] each
    private Tensor Attend(Tensor query, Tensor key, Tensor value, bool causal) =>
        scaled_dot_product_attention(Heads(query), Heads(key), Heads(value), is_casual: causal).transpose(1, 2).flatten(2);

    // [batch, heads, length, headDim]
    private Tensor Heads(Tensor x) => x.unflatten(2, [_heads, -1]).transpose(1, 2);

    private Tensor Read(string name)
    {
        var entry = file.Find(name);
        var values = new float[entry.ElementCount];
        file.ReadFloat32(name, values);
        return tensor(values).reshape([.. entry.Shape]);
    }
}
