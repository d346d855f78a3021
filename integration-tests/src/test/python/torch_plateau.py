"""Prints the learning rates that PyTorch's ReduceLROnPlateau gives for some scores, as JSON:

python3 torch_plateau.py > ../resources/torch/plateau.json

There are two groups of parameters, whose rates differ. Settings have the names of PyTorch's.
"""

import json
import random
import sys

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

RATES = [0.1, 0.003]


def run(name, scores, **settings):
    parameters = [torch.nn.Parameter(torch.zeros(1)) for _ in RATES]
    optimizer = torch.optim.SGD(
        [{"params": [p], "lr": rate} for p, rate in zip(parameters, RATES)], lr=1
    )
    scheduler = ReduceLROnPlateau(optimizer, **settings)
    rates = []
    for score in scores:
        scheduler.step(score)
        rates.append([group["lr"] for group in optimizer.param_groups])
    return {
        "name": name,
        "settings": settings,
        "scores": ["nan" if score != score else score for score in scores],
        "rates": rates,
    }


random.seed(1)
falling = [2.0 / (1 + i) + 0.05 * random.random() for i in range(60)]
rising = [1 - score / 3 for score in falling]
level = [0.5] * 60
stairs = [1 - 0.1 * (i // 9) for i in range(60)]
negative = [-score for score in falling]
broken = [float("nan") if i % 7 == 3 else score for i, score in enumerate(falling)]

json.dump(
    {
        "torch": torch.__version__,
        "runs": [
            run("defaults", falling),
            run("level", level),
            run("patience 0", level[:20], patience=0, factor=0.5),
            run("rising", rising, mode="max", patience=2, factor=0.3),
            run("stairs", stairs, patience=3, factor=0.5, cooldown=4),
            run("absolute", falling, patience=1, threshold=0.1, threshold_mode="abs"),
            run("absolute, rising", rising, mode="max", patience=1, threshold=0.05,
                threshold_mode="abs", factor=0.7),
            run("relative threshold", falling, patience=1, threshold=0.3, factor=0.5),
            run("least rate", level, patience=1, factor=0.2, min_lr=0.001),
            run("least change", level, patience=0, factor=0.5, eps=0.0005),
            run("negative", negative, mode="max", patience=2),
            run("NaN", broken, patience=1, factor=0.5, cooldown=1),
        ],
    },
    sys.stdout,
)
