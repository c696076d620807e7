"""The Transformer of "Attention Is All You Need": norms behind, one table for both sides and the output."""

import math

import torch
from torch.nn import functional

from layers import causal_mask

TABLE = "model.shared.weight"


def build(layers):
    """Returns a function that gives the logits of the batch: [tokens, vocabulary]."""
    table = layers.weight(TABLE)
    dim = table.shape[1]
    sources, targets = layers.ids("batch.sources"), layers.ids("batch.inputs")
    longest = max(sources.shape[1], targets.shape[1])
    angles = torch.arange(longest)[:, None] / 10000 ** (torch.arange(0, dim, 2) / dim)
    positions = torch.cat([angles.sin(), angles.cos()], 1)
    mask = causal_mask(targets.shape[1])

    def embed(tokens):
        return functional.embedding(tokens, table) * math.sqrt(dim) + positions[: tokens.shape[1]]

    def feed_forward(prefix):
        inner, outer = layers.linear(prefix, "fc1"), layers.linear(prefix, "fc2")
        return lambda x: outer(torch.relu(inner(x)))

    def layer(prefix, mask, cross):
        """x -> x, or x, memory -> x."""
        attention = layers.self_attention(prefix + ".self_attn", ["q_proj", "k_proj", "v_proj"], "out_proj", mask)
        attention_norm = layers.norm(prefix + ".self_attn_layer_norm")
        if cross:
            cross_attention = layers.cross_attention(prefix + ".encoder_attn")
            cross_norm = layers.norm(prefix + ".encoder_attn_layer_norm")
        feed, feed_norm = feed_forward(prefix), layers.norm(prefix + ".final_layer_norm")

        def apply(x, memory=None):
            x = attention_norm(x + attention(x))
            if cross:
                x = cross_norm(x + cross_attention(x, memory))
            return feed_norm(x + feed(x))

        return apply

    def stack(prefix, mask, cross):
        return [layer(f"{prefix}{i}", mask, cross) for i in range(layers.count(prefix))]

    encoder = stack("model.encoder.layers.", None, cross=False)
    decoder = stack("model.decoder.layers.", mask, cross=True)

    def logits():
        memory = embed(sources)
        for apply in encoder:
            memory = apply(memory)
        x = embed(targets)
        for apply in decoder:
            x = apply(x, memory)
        return functional.linear(x.flatten(0, 1), table)

    return logits
