"""GPT-2: norms before, learned positions, one table for input and output."""

from torch.nn import functional

from layers import causal_mask


def build(layers):
    """Returns a function that gives the logits of the batch: [tokens, vocabulary]."""
    table, positions = layers.weight("transformer.wte.weight"), layers.weight("transformer.wpe.weight")
    tokens = layers.ids("batch.inputs")
    mask = causal_mask(tokens.shape[1])

    def block(prefix):
        attention_norm = layers.norm(prefix + ".ln_1")
        attention = layers.self_attention(prefix + ".attn", ["c_attn"], "c_proj", mask)
        feed_norm = layers.norm(prefix + ".ln_2")
        inner, outer = layers.linear(prefix + ".mlp", "c_fc"), layers.linear(prefix + ".mlp", "c_proj")

        def apply(x):
            x = x + attention(attention_norm(x))
            return x + outer(functional.gelu(inner(feed_norm(x))))

        return apply

    blocks = [block(f"transformer.h.{i}") for i in range(layers.count("transformer.h."))]
    last_norm = layers.norm("transformer.ln_f")

    def logits():
        x = functional.embedding(tokens, table) + positions[: tokens.shape[1]]
        for apply in blocks:
            x = apply(x)
        return functional.linear(last_norm(x).flatten(0, 1), table)

    return logits
