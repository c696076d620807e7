"""The parts of a Transformer in PyTorch 1.13 over the weights of a file. The query, key and value projections that read the same
are one product, as in torch.nn.MultiheadAttention."""

import math

import safetensors
import torch
from torch.nn import functional


def causal_mask(length):
    """To be added to logits."""
    return torch.full((length, length), -math.inf).triu(1)


class Layers:
    def __init__(self, path):
        self.tensors, self.metadata = safetensors.load(path)
        self.heads = int(self.metadata["heads"])
        self.parameters = []

    def weight(self, *names):
        """A parameter; of several names, the rows of one after the other."""
        self.parameters.append(torch.cat([torch.from_numpy(self.tensors[name]) for name in names]).requires_grad_())
        return self.parameters[-1]

    def ids(self, name):
        """[batch, length]"""
        return torch.from_numpy(self.tensors[name]).long()

    def count(self, prefix):
        """How many layers have names that begin with this."""
        return len({name[len(prefix) :].split(".")[0] for name in self.tensors if name.startswith(prefix)})

    def linear(self, prefix, *names):
        w = self.weight(*(f"{prefix}.{name}.weight" for name in names))
        b = self.weight(*(f"{prefix}.{name}.bias" for name in names))
        return lambda x: functional.linear(x, w, b)

    def norm(self, name):
        gain, bias = self.weight(name + ".weight"), self.weight(name + ".bias")
        return lambda x: functional.layer_norm(x, gain.shape, gain, bias, 1e-5)

    def self_attention(self, prefix, inputs, output, mask):
        project, out = self.linear(prefix, *inputs), self.linear(prefix, output)
        return lambda x: out(self.attend(*project(x).chunk(3, -1), mask))

    def cross_attention(self, prefix):
        query, out = self.linear(prefix, "q_proj"), self.linear(prefix, "out_proj")
        remember = self.linear(prefix, "k_proj", "v_proj")
        return lambda x, memory: out(self.attend(query(x), *remember(memory).chunk(2, -1), None))

    def attend(self, query, key, value, mask):
        """[batch, length, dim] each; the mask is added to the logits."""
        batch, length, dim = query.shape
        head_dim = dim // self.heads
        query, key, value = (  # [batch * heads, length, headDim]
            x.view(batch, -1, self.heads, head_dim).transpose(1, 2).reshape(batch * self.heads, -1, head_dim)
            for x in (query, key, value)
        )
        query, key = query * head_dim**-0.5, key.transpose(1, 2)
        logits = torch.bmm(query, key) if mask is None else torch.baddbmm(mask, query, key)
        mixed = torch.bmm(torch.softmax(logits, -1), value)
        return mixed.view(batch, self.heads, length, head_dim).transpose(1, 2).reshape(batch, length, dim)
