using System.Text;
using System.Text.Json.Nodes;
using Multihead.Models.Configuration;

namespace Multihead.Tests.Models.Configuration;

public class ModelConfigJsonTests
{
    // As Hugging Face's library wrote it for models of the OPUS project: sizes of opus-mt-en-de.
    private const string Opus = """
        {
          "_num_labels": 3, "activation_dropout": 0.0, "activation_function": "swish", "add_bias_logits": false,
          "add_final_layer_norm": false, "architectures": [ "MarianMTModel" ], "attention_dropout": 0.0,
          "bad_words_ids": [ [ 58100 ] ], "bos_token_id": 0, "classif_dropout": 0.0, "d_model": 512, "decoder_attention_heads": 8,
          "decoder_ffn_dim": 2048, "decoder_layerdrop": 0.0, "decoder_layers": 6, "decoder_start_token_id": 58100, "dropout": 0.1,
          "encoder_attention_heads": 8, "encoder_ffn_dim": 2048, "encoder_layerdrop": 0.0, "encoder_layers": 6, "eos_token_id": 0,
          "extra_pos_embeddings": 58101, "id2label": { "0": "LABEL_0" }, "init_std": 0.02, "is_encoder_decoder": true,
          "max_length": 512, "max_position_embeddings": 512, "model_type": "marian", "normalize_before": false,
          "normalize_embedding": false, "num_beams": 6, "num_hidden_layers": 6, "pad_token_id": 58100, "scale_embedding": true,
          "static_position_embeddings": true, "transformers_version": "4.22.0", "vocab_size": 58101
        }
        """;

    public static TheoryData<string> PresetNames => [.. ModelPresets.Names];

    [Theory, MemberData(nameof(PresetNames))]
    public void EveryPresetComesBack(string name)
    {
        var config = ModelPresets.Get(name, 8000) with
        {
            EndOfSentenceId = 5,
            PaddingId = 7999,
            DecoderStartId = 6,
            Dropout = 0.123f,
        };
        foreach (var activation in Enum.GetValues<Activation>())
            foreach (var tied in new[] { true, false })
            {
                var variant = config with { Activation = activation, TieEmbeddings = tied, ScaleEmbeddings = !tied };
                var text = ModelConfigJson.Text(variant);
                Assert.Equal("marian", JsonNode.Parse(text)!["model_type"]!.GetValue<string>());
                Assert.Equal(variant, Parse(text));
            }
    }

    [Fact]
    public void WhatMarianCannotSayIsSaidInOurKeys()
    {
        var config = ModelPresets.Get("transformer-base", 8000);
        ModelConfig[] variants =
        [
            config with { NormPlacement = NormPlacement.Pre },
            config with { Norm = new RmsNormConfig(1e-6f) },
            config with { Norm = new LayerNormConfig(1e-6f), Activation = Activation.Silu, TieEmbeddings = false },
        ];
        foreach (var variant in variants)
        {
            var text = ModelConfigJson.Text(variant);
            Assert.Equal("multihead", JsonNode.Parse(text)!["model_type"]!.GetValue<string>());
            Assert.Equal(1, JsonNode.Parse(text)!["formatVersion"]!.GetValue<int>());
            Assert.Equal(variant, Parse(text));
        }
    }

    [Fact]
    public void ThePaperModelIsWrittenInMariansKeys()
    {
        var json = JsonNode.Parse(ModelConfigJson.Text(ModelPresets.Get("transformer-big", 8000)))!;
        Assert.Equal("MarianMTModel", json["architectures"]![0]!.GetValue<string>());
        (string Key, string Value)[] expected =
        [
            ("formatVersion", "1"), ("d_model", "1024"), ("encoder_layers", "6"), ("decoder_attention_heads", "16"),
            ("encoder_ffn_dim", "4096"), ("activation_function", "\"relu\""), ("max_position_embeddings", "1024"),
            ("scale_embedding", "true"), ("share_encoder_decoder_embeddings", "true"), ("tie_word_embeddings", "true"),
            ("vocab_size", "8000"), ("dropout", "0.3"), ("eos_token_id", "0"), ("forced_eos_token_id", "0"),
            ("pad_token_id", "1"), ("decoder_start_token_id", "1"), ("static_position_embeddings", "true"),
            ("normalize_before", "false"),
        ];
        Assert.All(expected, pair => Assert.Equal(pair.Value, json[pair.Key]!.ToJsonString()));
    }

    [Fact]
    public void AForeignMarianConfigLoads()
    {
        var config = Parse(Opus);
        var expected = ModelPresets.Get("transformer-base", 58101) with
        {
            Activation = Activation.Silu,
            Positions = new SinusoidalPositionsConfig(512),
            PaddingId = 58100,
            DecoderStartId = 58100,
        };
        Assert.Equal(expected, config);
    }

    [Theory]
    [InlineData("normalize_before", "true", "normalize_before is true")]
    [InlineData("normalize_embedding", "true", "normalize_embedding is true")]
    [InlineData("add_final_layer_norm", "true", "add_final_layer_norm is true")]
    [InlineData("static_position_embeddings", "false", "static_position_embeddings is false")]
    [InlineData("decoder_attention_heads", "4", "encoder_attention_heads is 8 but decoder_attention_heads is 4")]
    [InlineData("decoder_ffn_dim", "4", "encoder_ffn_dim is 2048 but decoder_ffn_dim is 4")]
    [InlineData("decoder_vocab_size", "4", "vocab_size is 58101 but decoder_vocab_size is 4")]
    [InlineData("tie_word_embeddings", "false", "share_encoder_decoder_embeddings is true but tie_word_embeddings is false")]
    [InlineData("activation_function", "\"quick_gelu\"", "activation_function is 'quick_gelu'")]
    [InlineData("d_model", "\"512\"", "'d_model' is a string, not a whole number, at line")]
    [InlineData("d_model", "511", "HeadCount 8 does not divide ModelDim 511")]
    [InlineData("vocab_size", "2000000000", "VocabularySize is 2000000000")]
    [InlineData("model_type", "\"llama\"", "model_type is 'llama', and only 'marian' and 'multihead' are supported")]
    [InlineData("model_type", "null", "'model_type' is null, not a string")]
    [InlineData("scale_embedding", "1", "'scale_embedding' is the number 1, not true or false")]
    public void AForeignConfigThatChangesTheMathematicsIsRefused(string key, string value, string expected)
    {
        var json = JsonNode.Parse(Opus)!;
        json[key] = JsonNode.Parse(value);
        AssertRefused(json.ToJsonString(), expected);
    }

    [Fact]
    public void OursSavedAgainByHuggingFaceStillLoads()
    {
        var config = ModelPresets.Get("transformer-tiny", 8000);
        var json = JsonNode.Parse(ModelConfigJson.Text(config))!;
        json["transformers_version"] = "4.50.0";
        json["classifier_dropout"] = 0.0;
        Assert.Equal(config, Parse(json.ToJsonString()));
    }

    [Theory]
    [InlineData("d_modle", "512", "'d_modle' is unknown (the nearest known key is 'd_model')")]
    [InlineData("formatVersion", "2", "formatVersion 2, written by a newer Multihead")]
    [InlineData("formatVersion", "0", "formatVersion 0, which never was")]
    [InlineData("formatVersion", "\"1\"", "'formatVersion' is a string, not a whole number")]
    public void OurMarianFilesAreReadStrictly(string key, string value, string expected)
    {
        var json = JsonNode.Parse(ModelConfigJson.Text(ModelPresets.Get("transformer-tiny", 8000)))!;
        json[key] = JsonNode.Parse(value);
        AssertRefused(json.ToJsonString(), expected);
    }

    [Theory]
    [InlineData("""{"dropuot":0.1}""", "'model.dropuot' is unknown (the nearest known key is 'dropout')")]
    [InlineData("""{"headDim":64}""", "'model.headDim' is unknown")]
    [InlineData("""{"headCount":"8"}""", "'model.headCount' is a string, not a whole number, at line")]
    [InlineData("""{"norm":{"kind":"rmsNrom"}}""",
        "'model.norm.kind' is 'rmsNrom', which is unknown (the nearest known is 'rmsNorm')")]
    [InlineData("""{"norm":{"kind":"rmsNorm","epsilon":"x"}}""", "'model.norm.epsilon' is a string, not a number")]
    [InlineData("""{"norm":null}""", "'model.norm' is null, not an object")]
    [InlineData("""{"activation":"swiglu"}""", "'model.activation' is 'swiglu' and not one of \"relu\", \"gelu\", \"silu\"")]
    [InlineData("""{"positions":{"kind":"sinusoidal"}}""", "'model.positions.maxLength' is missing")]
    public void OurOwnKeysAreReadStrictly(string changes, string expected)
    {
        var json = JsonNode.Parse(OwnText())!;
        foreach (var (key, value) in JsonNode.Parse(changes)!.AsObject()) json["model"]![key] = value?.DeepClone();
        AssertRefused(json.ToJsonString(), expected);
    }

    [Fact]
    public void EveryKeyOfOursIsWanted()
    {
        foreach (var key in JsonNode.Parse(OwnText())!["model"]!.AsObject().Select(pair => pair.Key).ToArray())
        {
            var json = JsonNode.Parse(OwnText())!;
            json["model"]!.AsObject().Remove(key);
            AssertRefused(json.ToJsonString(), $"'model.{key}' is missing");
        }
        AssertRefused("""{"model_type":"multihead"}""", "is missing");
        AssertRefused("{}", "'model_type' is missing");
    }

    [Fact]
    public void WritesAndReadsAFile()
    {
        using var folder = new ScratchFolder();
        var config = ModelPresets.Get("transformer-tiny", 8000);
        ModelConfigJson.Write(folder[ModelConfigJson.FileName], config);
        Assert.Equal(config, ModelConfigJson.Read(folder[ModelConfigJson.FileName]));
        Assert.Contains("There is no file", Assert.Throws<MultiheadException>(() => ModelConfigJson.Read(folder["no"])).Message,
            StringComparison.Ordinal);
    }

    private static string OwnText() =>
        ModelConfigJson.Text(ModelPresets.Get("transformer-base", 8000) with { NormPlacement = NormPlacement.Pre });

    private static ModelConfig Parse(string json) => ModelConfigJson.Parse(Encoding.UTF8.GetBytes(json), "config.json");

    private static void AssertRefused(string json, string expected)
    {
        var error = Assert.Throws<MultiheadException>(() => Parse(json));
        Assert.StartsWith("'config.json'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
