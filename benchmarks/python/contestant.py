"""The child's side of a measurement, as in Multihead.Benchmarks/Harness/ChildLoop.cs: one step, the results, "ready"; then as
many seconds of steps as each line of standard input says."""

import json
import os
import sys
import time

import numpy


def peak_megabytes():
    """The most memory that has been resident at once, in 10^6 bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024 / 1e6


def read_array(folder, name):
    """An array of the inputs: 32-bit floats without a header."""
    return numpy.fromfile(os.path.join(folder, name + ".f32"), numpy.float32)


def serve(step, folder):
    """step() does the whole work once and returns its results by name: tensors, or numbers."""
    for name, values in step().items():
        numpy.ascontiguousarray(values, numpy.float32).tofile(os.path.join(folder, name + ".f32"))
    print("ready", flush=True)
    for line in sys.stdin:
        steps, start, elapsed = 0, time.perf_counter(), 0.0
        while steps == 0 or elapsed < float(line):
            step()
            steps += 1
            elapsed = time.perf_counter() - start
        print(json.dumps({"Steps": steps, "Seconds": elapsed, "PeakMegabytes": peak_megabytes()}), flush=True)
