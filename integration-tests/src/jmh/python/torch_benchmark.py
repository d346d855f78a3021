"""Measures steps of PyTorch's optimizers and prints their medians as CSV.

    python3 torch_benchmark.py --threads 1 2 > target/benchmarks/torch.csv

If torch.csv lies in the output folder of the benchmarks of dl4jx, their report has a table with
both. Every optimizer steps over all parameters in one tensor, and split over eight. A step also
subtracts the update from the parameters, which Deeplearning4j does after its updaters.

Needs Debian's python3-torch (1.13); newer versions have more implementations ("fused").
"""

import argparse
import csv
import statistics
import sys
import time

import torch

SIZES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 25_000_000]
TENSORS = [1, 8]

OPTIMIZERS = {
    "AdamW": lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0.01, foreach=False),
    "AdamW(foreach)": lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0.01, foreach=True),
    "AdamW(amsgrad)": lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0, amsgrad=True),
    "SGD(nesterov)": lambda p: torch.optim.SGD(p, 0.01, momentum=0.9, nesterov=True),
}


def parameters(size, tensors):
    """Gradients are between 0.005 and 0.015 in size, as in the benchmarks of dl4jx."""
    generator = torch.Generator().manual_seed(42)
    made = []
    for i in range(tensors):
        length = size * (i + 1) // tensors - size * i // tensors
        parameter = torch.nn.Parameter(torch.randn(length, generator=generator))
        sign = torch.randint(0, 2, (length,), generator=generator) * 2.0 - 1
        parameter.grad = sign * (0.005 + 0.01 * torch.rand(length, generator=generator))
        made.append(parameter)
    return made


def step_times(optimizer, seconds):
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 10:
        start = time.perf_counter_ns()
        optimizer.step()
        times.append(time.perf_counter_ns() - start)
    return times


def main():
    parser = argparse.ArgumentParser(
        description="Medians of step() of PyTorch's optimizers, as CSV on standard output."
    )
    parser.add_argument("--threads", type=int, nargs="+", default=[torch.get_num_threads()])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--warmup", type=float, default=1, help="seconds before every measurement")
    parser.add_argument("--seconds", type=float, default=4, help="seconds of every measurement")
    options = parser.parse_args()

    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(
        ["torch", "optimizer", "tensors", "threads", "parameters"]
        + ["median_ns", "lower_quartile_ns", "upper_quartile_ns", "samples"]
    )
    for threads in options.threads:
        torch.set_num_threads(threads)
        for size in options.sizes:
            for name, make in OPTIMIZERS.items():
                for tensors in TENSORS:
                    optimizer = make(parameters(size, tensors))
                    step_times(optimizer, options.warmup)
                    times = step_times(optimizer, options.seconds)
                    quartiles = [round(q) for q in statistics.quantiles(times, n=4)]
                    out.writerow(
                        [torch.__version__, name, tensors, threads, size]
                        + [quartiles[1], quartiles[0], quartiles[2], len(times)]
                    )
                    sys.stdout.flush()


main()
