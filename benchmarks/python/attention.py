"""Causal attention forward and backward by PyTorch 1.13, which has no fused one:
attention.py INPUTS RESULTS LENGTH HEADS HEADDIM"""

import math
import sys

import contestant
import torch

inputs, results = sys.argv[1:3]
length, heads, head_dim = map(int, sys.argv[3:])


def read(name):
    """[length, heads, headDim]"""
    return torch.from_numpy(contestant.read_array(inputs, name)).view(length, heads, head_dim)


query, key, value = (read(name).requires_grad_() for name in ("query", "key", "value"))
output_gradient = read("outputGradient")
mask = torch.full((length, length), -math.inf).triu(1)  # added to the logits within the product


def step():
    q, k, v = (tensor.transpose(0, 1) for tensor in (query, key, value))  # [heads, length, headDim]
    logits = torch.baddbmm(mask, q * (1 / math.sqrt(head_dim)), k.transpose(1, 2))
    output = torch.bmm(torch.softmax(logits, -1), v).transpose(0, 1)
    gradients = torch.autograd.grad(output, (query, key, value), output_gradient)
    return dict(zip(("output", "queryGradient", "keyGradient", "valueGradient"), (output.detach(), *gradients)))


contestant.serve(step, results)
