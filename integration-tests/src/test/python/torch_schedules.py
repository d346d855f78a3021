"""Prints the learning rates, and momenta, that PyTorch's schedulers give, as JSON.

    python3 torch_schedules.py > ../resources/torch/schedules.json

The value at step t is the one in force for iteration t, counted from 0: what the optimizer has after
t calls of scheduler.step(). The settings bear the names of the schedulers' own arguments; "lr" among
them is the optimizer's rate, for those schedulers that start from it.
"""

import json

import torch
from torch.optim import lr_scheduler


def run(name, kind, steps, make_scheduler, settings):
    """Momentum is recorded where the scheduler cycles it."""
    settings = dict(settings)
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=settings.get("lr", 0.1), momentum=0.9)
    scheduler = make_scheduler(
        optimizer, **{key: value for key, value in settings.items() if key != "lr"}
    )
    lr = []
    momentum = []
    for step in range(steps):
        if step > 0:
            optimizer.step()
            scheduler.step()
        lr.append(optimizer.param_groups[0]["lr"])
        momentum.append(optimizer.param_groups[0]["momentum"])
    recorded = {
        "name": name,
        "kind": kind,
        "settings": settings,
        "steps": list(range(steps)),
        "lr": lr,
    }
    if settings.get("cycle_momentum", False):
        recorded["momentum"] = momentum
    return recorded


def one_cycle(name, total_steps, anneal, three_phase, pct_start, div, final_div, max_lr):
    settings = {
        "max_lr": max_lr,
        "total_steps": total_steps,
        "pct_start": pct_start,
        "anneal_strategy": anneal,
        "cycle_momentum": True,
        "base_momentum": 0.85,
        "max_momentum": 0.95,
        "div_factor": div,
        "final_div_factor": final_div,
        "three_phase": three_phase,
    }
    return run(name, "one_cycle", total_steps, lr_scheduler.OneCycleLR, settings)


def cosine_restarts(name, t_0, t_mult, eta_min):
    settings = {"lr": 0.1, "T_0": t_0, "T_mult": t_mult, "eta_min": eta_min}
    return run(name, "cosine_restarts", 100, lr_scheduler.CosineAnnealingWarmRestarts, settings)


def cyclic(name, mode, step_size_down, gamma=1.0):
    settings = {
        "base_lr": 0.01,
        "max_lr": 0.1,
        "step_size_up": 8,
        "step_size_down": step_size_down,
        "mode": mode,
        "gamma": gamma,
        "cycle_momentum": False,
    }
    return run(name, "cyclic", 70, lr_scheduler.CyclicLR, settings)


def polynomial(name, power):
    """PyTorch multiplies the last rate by a factor: its last digits are not the closed form's."""
    settings = {"lr": 0.1, "total_iters": 50, "power": power}
    return run(name, "polynomial", 70, lr_scheduler.PolynomialLR, settings)


def linear(name, start_factor, end_factor, total_iters):
    settings = {
        "lr": 0.1,
        "start_factor": start_factor,
        "end_factor": end_factor,
        "total_iters": total_iters,
    }
    return run(name, "linear", 70, lr_scheduler.LinearLR, settings)


def chained(name, start_factor, total_iters, gamma):
    """A line up, times an exponential down."""
    settings = {"lr": 0.1, "start_factor": start_factor, "total_iters": total_iters, "gamma": gamma}

    def make_scheduler(optimizer, start_factor, total_iters, gamma):
        return lr_scheduler.ChainedScheduler(
            [
                lr_scheduler.LinearLR(optimizer, start_factor, 1.0, total_iters),
                lr_scheduler.ExponentialLR(optimizer, gamma),
            ]
        )

    return run(name, "chained", 70, make_scheduler, settings)


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "runs": [
                one_cycle("one cycle, defaults", 100, "cos", False, 0.3, 25.0, 1e4, 0.1),
                one_cycle("one cycle, three phases", 100, "cos", True, 0.3, 25.0, 1e4, 0.1),
                one_cycle("one cycle, linear", 100, "linear", False, 0.25, 10.0, 100.0, 1.0),
                one_cycle("one cycle, odd", 37, "cos", False, 0.3, 10.0, 1e4, 1.0),
                one_cycle("one cycle, odd, three phases", 37, "cos", True, 0.25, 25.0, 100.0, 0.1),
                one_cycle("one cycle, odd, linear", 37, "linear", False, 0.25, 25.0, 1e4, 0.1),
                one_cycle(
                    "one cycle, odd, linear, three phases",
                    37,
                    "linear",
                    True,
                    0.3,
                    10.0,
                    100.0,
                    1.0,
                ),
                one_cycle(
                    "one cycle, odd, linear, three phases, early",
                    37,
                    "linear",
                    True,
                    0.25,
                    25.0,
                    1e4,
                    1.0,
                ),
                cosine_restarts("cosine restarts", 10, 1, 0.0),
                cosine_restarts("cosine restarts, doubling", 10, 2, 0.01),
                cosine_restarts("cosine restarts, tripling", 7, 3, 0.0),
                cyclic("triangular", "triangular", 8),
                cyclic("triangular, slow descent", "triangular", 12),
                cyclic("triangular2", "triangular2", 8),
                cyclic("triangular2, slow descent", "triangular2", 12),
                cyclic("exp_range", "exp_range", 8, 0.99),
                cyclic("exp_range, slow descent", "exp_range", 12, 0.99),
                polynomial("polynomial, linear", 1.0),
                polynomial("polynomial, quadratic", 2.0),
                linear("linear, up", 0.25, 1.0, 20),
                linear("linear, down", 1.0, 0.1, 45),
                chained("chained", 0.25, 20, 0.95),
            ],
        },
        separators=(",", ":"),
    )
)
