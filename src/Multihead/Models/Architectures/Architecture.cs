using System.Text.Json;
using Multihead.Models.Configuration;

namespace Multihead.Models.Architectures;

/// <summary>A decoder-only architecture as Hugging Face knows it: how its <c>config.json</c> says a
/// <see cref="DecoderOnlyConfig"/>. Its tensors' names: <see cref="DecoderOnlyNames"/>.</summary>
internal abstract class Architecture
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
        [new Gpt2(), new Llama(), new Mistral(), new Qwen2(), new Qwen3(), new Gemma(), new Gemma2()];

    public abstract DecoderOnlyArchitecture Kind { get; }

    /// <summary>The value of <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>The value of <c>architectures</c>.</summary>
    protected abstract string ClassName { get; }

    /// <summary>The configuration that the keys say.</summary>
    /// <exception cref="MultiheadException">They say a model that computes something else.</exception>
    public abstract DecoderOnlyConfig FromKeys(HuggingFaceKeys keys, string source);

    /// <summary>Keys from which <see cref="FromKeys"/> makes the same configuration.</summary>
    /// <exception cref="MultiheadException">The architecture has no keys for it.</exception>
    public HuggingFaceKeys ToKeys(DecoderOnlyConfig config)
    {
        var keys = Say(config) with
        {
            Architectures = [ClassName],
            FormatVersion = ModelConfigJson.FormatVersion,
            TieWordEmbeddings = config.TieEmbeddings,
            BosTokenId = config.BeginOfTextId,
            EosTokenId = EndKeys(config.EndOfTextIds),
        };
        if (FromKeys(keys, "config.json").SaysTheSameAs(config)) return keys;
        throw new MultiheadException($"The configuration has something that {ModelType} models do not have; choose another "
            + "architecture for it.");
    }

    protected abstract HuggingFaceKeys Say(DecoderOnlyConfig config);

    protected static T Required<T>(T? value, string key, string source) where T : struct => value
        ?? throw new MultiheadException($"'{source}' has no key '{key}', which models of its model_type need; fetch it again.");

    /// <summary>Refuses what changes the mathematics in a way that is not known here.</summary>
    protected static void Refuse(bool differs, string key, string source)
    {
        if (differs)
            throw new MultiheadException($"'{source}': the value of {key} makes a kind of model that is not supported here; use a "
                + "model without it.");
    }

    protected static Activation ActivationOf(string name, string key, string source) => name switch
    {
        "relu" => Activation.Relu,
        "gelu" => Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Activation.GeluTanh,
        "silu" or "swish" => Activation.Silu,
        _ => throw new MultiheadException($"'{source}': {key} is {Shown.Name(name)}, and only relu, gelu, gelu_new, "
            + "gelu_pytorch_tanh, silu and swish are supported."),
    };

    protected static string NameOf(Activation activation) => activation switch
    {
        Activation.Relu => "relu",
        Activation.Gelu => "gelu",
        Activation.GeluTanh => "gelu_pytorch_tanh",
        Activation.Silu => "silu",
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    protected static IReadOnlyList<int> EndsOf(HuggingFaceKeys keys, string source)
    {
        switch (keys.EosTokenId)
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return [];
            case { ValueKind: JsonValueKind.Number } one when one.TryGetInt32(out var id):
                return [id];
            case { ValueKind: JsonValueKind.Array } several
                when several.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)):
                return [.. several.EnumerateArray().Select(e => e.GetInt32())];
            default:
                throw new MultiheadException($"'{source}': eos_token_id is neither a token nor a list of tokens; correct it.");
        }
    }

    private static JsonElement? EndKeys(IReadOnlyList<int> ids)
    {
        if (ids.Count == 0) return null;
        var text = string.Join(',', ids.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        using var document = JsonDocument.Parse(ids.Count == 1 ? text : $"[{text}]");
        return document.RootElement.Clone();
    }
}
