"""Writes marian-names.tsv: what MarianMTModel of Hugging Face's transformers calls its parameters, and their shapes, for the
presets at a vocabulary of 37,000: a torch Linear has weight [out, in] and bias [out], a LayerNorm weight and bias [dim]. Left
out are its buffer final_logits_bias and the sinusoids, which nothing learns. Run: python3 marian-names.py > marian-names.tsv"""

VOCABULARY = 37000
PRESETS = {"transformer-tiny": (4, 128, 256), "transformer-base": (6, 512, 2048), "transformer-big": (6, 1024, 4096)}


def linear(name, outputs, inputs):
    return [(name + ".weight", f"{outputs}x{inputs}"), (name + ".bias", f"{outputs}")]


def norm(name, dim):
    return [(name + ".weight", f"{dim}"), (name + ".bias", f"{dim}")]


def attention(name, dim):
    return [row for part in ("k_proj", "v_proj", "q_proj", "out_proj") for row in linear(f"{name}.{part}", dim, dim)]


def layer(name, dim, inner, decoder):
    rows = attention(name + ".self_attn", dim) + norm(name + ".self_attn_layer_norm", dim)
    if decoder:
        rows += attention(name + ".encoder_attn", dim) + norm(name + ".encoder_attn_layer_norm", dim)
    return rows + linear(name + ".fc1", inner, dim) + linear(name + ".fc2", dim, inner) + norm(name + ".final_layer_norm", dim)


for preset, (layers, dim, inner) in PRESETS.items():
    tensors = [("model.shared.weight", f"{VOCABULARY}x{dim}")]
    for side in ("encoder", "decoder"):
        for i in range(layers):
            tensors += layer(f"model.{side}.layers.{i}", dim, inner, side == "decoder")
    for name, shape in sorted(tensors):
        print(preset, name, shape, sep="\t")
