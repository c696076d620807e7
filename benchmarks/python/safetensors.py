"""Reads files of https://github.com/huggingface/safetensors with 32-bit floats."""

import json
import struct

import numpy


def load(path):
    """The tensors by name, and the metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", name
        begin, end = entry["data_offsets"]
        tensors[name] = numpy.fromfile(path, numpy.float32, (end - begin) // 4, offset=8 + length + begin).reshape(entry["shape"])
    return tensors, metadata
