"""A training step by PyTorch 1.13 from the weights and the batch of a file: train.py INPUTS RESULTS"""

import math
import os
import sys

import contestant
import decoder_only
import encoder_decoder
import torch
from layers import Layers

inputs, results = sys.argv[1:3]
layers = Layers(os.path.join(inputs, "case.safetensors"))
model = (encoder_decoder if encoder_decoder.TABLE in layers.tensors else decoder_only).build(layers)
targets = layers.ids("batch.targets").flatten()
smoothing = float(layers.metadata["labelSmoothing"])
parameters = layers.parameters
optimizer = torch.optim.Adam(parameters, lr=1e-4, betas=(0.9, 0.98), eps=1e-9)
layers.tensors.clear()  # the parameters are copies


def gradient_norm():
    """In double precision, since clipping's own sum of squares in fp32 may be off by more than the gradients are."""
    return math.sqrt(sum(p.grad.double().square().sum().item() for p in parameters))


first = {}


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(model(), targets, label_smoothing=smoothing)
    loss.backward()
    if not first:
        first.update(loss=loss.item(), gradientNorm=gradient_norm())
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    return first


contestant.serve(step, results)
