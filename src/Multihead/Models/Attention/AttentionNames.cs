using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Models.Attention;

/// <summary>What the products of an attention are called in files, without ".weight" and ".bias".</summary>
internal readonly record struct AttentionNames(string Query, string Key, string Value, string Output)
{
    /// <summary>Queries, keys and values in one product that is stored as [in, out], as is the output: GPT-2.</summary>
    public static AttentionNames Fused(string input, string output) =>
        new("", "", "", output) { Input = input, Form = StoredForm.Transposed };

    /// <summary>The name of the one product; null where there are three.</summary>
    public string? Input { get; private init; }

    /// <summary>How the products stand in files.</summary>
    public StoredForm Form { get; private init; }

    /// <summary>The norms of queries and keys, where there are some.</summary>
    public string? QueryNorm { get; init; }

    /// <inheritdoc cref="QueryNorm"/>
    public string? KeyNorm { get; init; }

    /// <summary>The parts of the product that makes queries, keys and values.</summary>
    public IReadOnlyList<WeightPart> InputParts(in AttentionShape shape)
    {
        var (query, key) = (shape.QueryColumns, shape.KeyColumns);
        return Input is null
            ? [new(Query + ".weight", query, false), new(Key + ".weight", key, false), new(Value + ".weight", key, false)]
            : [new(Input + ".weight", query + 2 * key, false, Form)];
    }

    /// <summary>The parts of the bias of that product.</summary>
    public IReadOnlyList<WeightPart> InputBiasParts(in AttentionShape shape)
    {
        var (query, key) = (shape.QueryColumns, shape.KeyColumns);
        return Input is null
            ? [new(Query + ".bias", query, true), new(Key + ".bias", key, true), new(Value + ".bias", key, true)]
            : [new(Input + ".bias", query + 2 * key, true)];
    }
}
