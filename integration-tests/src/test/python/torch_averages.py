"""Prints averages of weights by PyTorch's swa_utils, as JSON:

python3 torch_averages.py > ../resources/torch/averages.json
"""

import json
import sys

import torch
from torch.optim.swa_utils import AveragedModel, update_bn

PARAMETERS = 5
STEPS = 30


def exponential(decay):
    def average(averaged, weights, _count):
        return decay * averaged + (1 - decay) * weights

    return average


def averages(name, settings, function, start=0, every=1):
    torch.manual_seed(7)
    model = torch.nn.Linear(PARAMETERS, 1, bias=False, dtype=torch.float64)
    averaged = AveragedModel(model, avg_fn=function)
    history = []
    means = []
    for step in range(STEPS):
        with torch.no_grad():
            model.weight.add_(torch.randn(1, PARAMETERS, dtype=torch.float64))
        if step >= start and (step - start) % every == 0:
            averaged.update_parameters(model)
        history.append(model.weight[0].tolist())
        means.append(averaged.module.weight[0].tolist() if step >= start else None)
    return {"name": name, "settings": settings, "weights": history, "averages": means}


def statistics():
    """Batches of one size, after which PyTorch's cumulative mean is the mean of the batches."""
    torch.manual_seed(8)
    layer = torch.nn.BatchNorm1d(3, dtype=torch.float64)
    batches = [torch.randn(6, 3, dtype=torch.float64) * 2 + i for i in range(4)]
    update_bn(batches, layer)
    return {
        "batches": [batch.tolist() for batch in batches],
        "mean": layer.running_mean.tolist(),
        "variance": layer.running_var.tolist(),
    }


json.dump(
    {
        "torch": torch.__version__,
        "runs": [
            averages("swa", {}, None),
            averages("swa from 10, every 3", {"start": 10, "every": 3}, None, 10, 3),
            averages("ema 0.9", {"decay": 0.9}, exponential(0.9)),
            averages("ema 0.999", {"decay": 0.999}, exponential(0.999)),
            averages(
                "ema 0.5 from 4, every 2",
                {"decay": 0.5, "start": 4, "every": 2},
                exponential(0.5),
                4,
                2,
            ),
        ],
        "statistics": statistics(),
    },
    sys.stdout,
)
