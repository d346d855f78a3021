"""Trains a small network with PyTorch's optimizers and prints what it did as JSON.

    python3 torch_parity.py > ../resources/torch/parity.json

TorchParityTest trains the same network, from the same weights on the same data, through
Deeplearning4j and compares. Everything is in double precision, full batch, one thread, so that the
numbers do not depend on the machine beyond the last digits.
"""

import json

import torch

STEPS = 300
RECORD_EVERY = 100

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def network():
    torch.manual_seed(5)
    return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))


def data():
    torch.manual_seed(6)
    features = torch.randn(16, 4)
    labels = (features[:, 0] + features[:, 1] ** 2 > 0.5).long() + (features[:, 2] > 1).long()
    return features, labels


def parameters(net):
    """By Deeplearning4j's names; its weights are [in, out], PyTorch's are [out, in]."""
    return {
        "0_W": net[0].weight.detach().T.tolist(),
        "0_b": [net[0].bias.detach().tolist()],
        "1_W": net[2].weight.detach().T.tolist(),
        "1_b": [net[2].bias.detach().tolist()],
    }


def groups(net, weight_decay):
    """Decays weights only, as is usual and as DecoupledDecay does."""
    return [
        {"params": [net[0].weight, net[2].weight], "weight_decay": weight_decay},
        {"params": [net[0].bias, net[2].bias], "weight_decay": 0.0},
    ]


def run(name, make_optimizer):
    net = network()
    features, labels = data()
    optimizer = make_optimizer(net)
    settings = {
        key: value
        for key, value in optimizer.param_groups[0].items()
        if key in ("lr", "betas", "eps", "weight_decay", "amsgrad")
    }
    recorded = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(features), labels)
        loss.backward()
        optimizer.step()
        if (step + 1) % RECORD_EVERY == 0:
            recorded.append(
                {"step": step + 1, "lossBefore": loss.item(), "parameters": parameters(net)}
            )
    return {"name": name, "settings": settings, "recorded": recorded}


def adamw(lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, amsgrad=False):
    return lambda net: torch.optim.AdamW(
        groups(net, weight_decay), lr=lr, betas=betas, eps=eps, amsgrad=amsgrad
    )


features, labels = data()
print(
    json.dumps(
        {
            "torch": torch.__version__,
            "features": features.tolist(),
            "labels": torch.nn.functional.one_hot(labels, 3).tolist(),
            "initial": parameters(network()),
            "runs": [
                run("defaults", adamw(1e-3)),
                run("no decay", adamw(1e-2, weight_decay=0.0)),
                run("strong decay", adamw(1e-2, weight_decay=0.5)),
                run("other betas", adamw(1e-2, betas=(0.8, 0.95))),
                run("no momentum", adamw(1e-2, betas=(0.0, 0.99))),
                run("large epsilon", adamw(1e-2, eps=1e-2)),
                run("small epsilon", adamw(1e-2, eps=1e-12)),
                run("amsgrad", adamw(1e-2, amsgrad=True)),
                run("amsgrad, no decay", adamw(1e-2, weight_decay=0.0, amsgrad=True)),
                run("amsgrad, other betas", adamw(1e-2, betas=(0.5, 0.9), amsgrad=True)),
                run("amsgrad, large epsilon", adamw(1e-2, eps=1e-2, amsgrad=True)),
            ],
        },
        separators=(",", ":"),
    )
)
