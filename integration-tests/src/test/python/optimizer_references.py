"""Takes a few steps with each optimizer and prints them as JSON.

    python3 optimizer_references.py > ../resources/references/optimizers.json

OptimizerReferencesTest takes the same steps with dl4jx and compares. RAdam, Adagrad and Adadelta are
PyTorch's (Debian's python3-torch, 1.13). The others are written here from the code or paper that is
named, because PyTorch has another formula or none. Everything is in double precision.

To add an optimizer, write a function that takes the settings and returns a function step(g, t),
and add its cases below. The settings are those of the JSON of dl4jx. If something else than a step
changes the state, it returns a function state(t) too, with the arrays to set before step t.
"""

import json

import numpy as np
import torch

STEPS = 16

BATCH_SIZE = 480

torch.set_default_dtype(torch.float64)


def gradients():
    """One column per kind of gradient: constant, of either sign, of many sizes, rare, and tiny."""
    random = np.random.RandomState(7)
    t = np.arange(STEPS)
    return np.stack(
        [
            np.full(STEPS, -0.75),
            random.standard_normal(STEPS),
            1 + 0.25 * random.standard_normal(STEPS),
            random.standard_normal(STEPS) * 10.0 ** random.randint(-4, 4, STEPS),
            np.where(t % 5 == 2, 3.0, 0.0),
            1e-7 * random.standard_normal(STEPS),
        ],
        axis=1,
    )


def nadamw(s):
    """Optax's scale_by_adam(nesterov=True) and scale_by_learning_rate, without decay."""
    b1, b2 = s["beta1"], s["beta2"]
    mu = nu = 0

    def step(g, t):
        nonlocal mu, nu
        mu = (1 - b1) * g + b1 * mu
        nu = (1 - b2) * g**2 + b2 * nu
        mu_hat = b1 * (mu / (1 - b1 ** (t + 1))) + (1 - b1) * (g / (1 - b1**t))
        nu_hat = nu / (1 - b2**t)
        return s["learningRate"] * (mu_hat / (np.sqrt(nu_hat) + s["epsilon"]))

    return step


def by_torch(make_optimizer, state=None):
    """These do not look at the parameters, so each step may start at zero."""
    parameters = torch.nn.Parameter(torch.zeros(gradients().shape[1]))
    optimizer = make_optimizer([parameters])
    if state:
        optimizer.state[parameters] = state

    def step(g, t):
        with torch.no_grad():
            parameters.zero_()
        parameters.grad = torch.from_numpy(g.copy())
        optimizer.step()
        return -parameters.detach().numpy().copy()

    return step


def radam(s):
    return by_torch(
        lambda parameters: torch.optim.RAdam(
            parameters, lr=s["learningRate"], betas=(s["beta1"], s["beta2"]), eps=s["epsilon"]
        )
    )


def adagrad(s):
    return by_torch(
        lambda parameters: torch.optim.Adagrad(
            parameters,
            lr=s["learningRate"],
            initial_accumulator_value=s["initialAccumulator"],
            eps=s["epsilon"],
        )
    )


def adadelta(s):
    """From the state that PyTorch starts with, but for acc_delta."""
    columns = gradients().shape[1]
    state = {
        "step": 0,
        "square_avg": torch.zeros(columns),
        "acc_delta": torch.full((columns,), s["initialRms"] ** 2),
    }
    return by_torch(
        lambda parameters: torch.optim.Adadelta(
            parameters, lr=s["learningRate"], rho=s["rho"], eps=s["epsilon"]
        ),
        state,
    )


def optax_adagrad(s):
    """optax.scale_by_rss, which is 0 where no gradient has come yet."""
    sum_of_squares = np.full(gradients().shape[1], s["initialAccumulator"])

    def step(g, t):
        nonlocal sum_of_squares
        sum_of_squares = g * g + sum_of_squares
        inverse_root = np.where(
            sum_of_squares > 0, 1 / np.sqrt(sum_of_squares + s["epsilon"]), 0.0
        )
        return s["learningRate"] * (inverse_root * g)

    return step


def adagrad_family(s):
    """The family of Duchi et al."""
    term = {"SQUARES": np.square, "ABSOLUTE_VALUES": np.abs}[s["accumulator"]]
    factor = {
        "INVERSE_ROOT": lambda total: 1 / (np.sqrt(total) + s["epsilon"]),
        "INVERSE": lambda total: 1 / (total + s["epsilon"]),
        "EXPONENTIAL": lambda total: np.exp(-total),
    }[s["scaling"]]
    total = s["initialAccumulator"]

    def step(g, t):
        nonlocal total
        total = total + term(g)
        return s["learningRate"] * g * factor(total)

    return step


def lion(s):
    """lion_pytorch.py of google/automl."""
    exp_avg = 0

    def step(grad, t):
        nonlocal exp_avg
        update = exp_avg * s["beta1"] + grad * (1 - s["beta1"])
        exp_avg = exp_avg * s["beta2"] + grad * (1 - s["beta2"])
        return s["learningRate"] * np.sign(update)

    return step


def adabelief(s):
    """The authors' adabelief_pytorch 0.2.0, without decay."""
    beta1, beta2 = s["beta1"], s["beta2"]
    exp_avg = exp_avg_var = 0

    def step(g, t):
        nonlocal exp_avg, exp_avg_var
        exp_avg = exp_avg * beta1 + (1 - beta1) * g
        exp_avg_var = exp_avg_var * beta2 + (1 - beta2) * (g - exp_avg) ** 2
        exp_avg_var = exp_avg_var + s["epsilon"]
        bias_correction1 = 1 - beta1**t
        bias_correction2 = 1 - beta2**t
        if not s["rectify"]:
            denom = np.sqrt(exp_avg_var) / np.sqrt(bias_correction2) + s["epsilon"]
            return s["learningRate"] / bias_correction1 * (exp_avg / denom)
        n_sma_max = 2 / (1 - beta2) - 1
        n_sma = n_sma_max - 2 * t * beta2**t / (1 - beta2**t)
        if n_sma >= 5:
            step_size = (
                np.sqrt(
                    (1 - beta2**t)
                    * (n_sma - 4)
                    / (n_sma_max - 4)
                    * (n_sma - 2)
                    / n_sma
                    * n_sma_max
                    / (n_sma_max - 2)
                )
                / bias_correction1
            )
            denom = np.sqrt(exp_avg_var) + s["epsilon"]
            return step_size * s["learningRate"] * (exp_avg / denom)
        return 1.0 / bias_correction1 * s["learningRate"] * exp_avg

    return step


def schedule_free(s):
    """The authors' AdamWScheduleFree, without decay. Its parameters are y; they start at zero."""
    beta1, beta2, eps = s["beta1"], s["beta2"], s["epsilon"]
    warmup_steps, r, weight_lr_power = s["warmupSteps"], 0.0, 2.0
    columns = gradients().shape[1]
    y, z, exp_avg_sq = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    lr_max, weight_sum = -1.0, 0.0

    def step(grad, t):
        nonlocal y, z, exp_avg_sq, lr_max, weight_sum
        k = t - 1
        sched = (k + 1) / warmup_steps if k < warmup_steps else 1.0
        bias_correction2 = 1 - beta2 ** (k + 1)
        lr = s["learningRate"] * sched
        lr_max = max(lr, lr_max)
        weight = ((k + 1) ** r) * (lr_max**weight_lr_power)
        weight_sum = weight_sum + weight
        ckp1 = weight / weight_sum if weight_sum else 0
        exp_avg_sq = exp_avg_sq * beta2 + (1 - beta2) * grad * grad
        denom = np.sqrt(exp_avg_sq / bias_correction2) + eps
        grad_normalized = grad / denom
        before = y
        y = y + ckp1 * (z - y)
        y = y + grad_normalized * (lr * (beta1 * (1 - ckp1) - 1))
        z = z - grad_normalized * lr
        return before - y

    return step


def lookahead(s):
    """Algorithm 1 of Zhang et al. around PyTorch's RAdam. Every cycle starts at zero."""
    inner, k, alpha = radam(s["inner"]), s["k"], s["alpha"]
    slow = fast = np.zeros(gradients().shape[1])

    def step(g, t):
        nonlocal fast
        before = fast
        fast = fast - inner(g, t)
        if t % k > 0:
            return before - fast
        synchronized = slow + alpha * (fast - slow)
        fast = slow
        return before - synchronized

    return step


def swats(s):
    """Algorithm 1 of Keskar and Socher, with the condition that the rate of SGD is positive."""
    beta1, beta2 = s["beta1"], s["beta2"]
    columns = gradients().shape[1]
    m, a, v = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    phase, average, rate = "Adam", 0.0, None

    def step(g, k):
        nonlocal m, a, v, phase, average, rate
        if phase == "SGD":
            v = beta1 * v + g
            return (1 - beta1) * rate * v
        m = beta1 * m + (1 - beta1) * g
        a = beta2 * a + (1 - beta2) * g**2
        size = s["learningRate"] * np.sqrt(1 - beta2**k) / (1 - beta1**k)
        p = -size * m / (np.sqrt(a) + s["epsilon"])
        if p @ g != 0:
            gamma = (p @ p) / -(p @ g)
            average = beta2 * average + (1 - beta2) * gamma
            corrected = average / (1 - beta2**k)
            if k > 1 and average > 0 and abs(corrected - gamma) < s["tolerance"]:
                phase, rate = "SGD", corrected
        return -p

    return step


def sophia(s):
    """The authors' SophiaG, with batches of one size and without decay.

    The state H of dl4jx holds BATCH_SIZE times their hessian. Estimates are made here from random
    gradients, so the case has the H of every step, under "states".
    """
    beta1, beta2, rho, bs = s["beta1"], s["beta2"], s["rho"], BATCH_SIZE
    columns = gradients().shape[1]
    random = np.random.RandomState(8)
    exp_avg, hessian = np.zeros(columns), np.zeros(columns)

    def step(grad, t):
        nonlocal exp_avg
        exp_avg = exp_avg * beta1 + grad * (1 - beta1)
        ratio = np.minimum(np.abs(exp_avg) / (rho * bs * hessian + 1e-15), 1)
        return s["learningRate"] * np.sign(exp_avg) * ratio

    def state(t):
        """Before step t; an estimate comes after every second step."""
        nonlocal hessian
        if t > 1 and t % 2 == 1:
            sampled = np.abs(gradients()).max(axis=0) * random.uniform(-1, 1, columns)
            hessian = hessian * beta2 + (1 - beta2) * sampled * sampled
        return {"H": (bs * hessian).tolist()}

    return step, state


def lamb(s):
    """Optax's scale_by_adam, add_decayed_weights and scale_by_trust_ratio."""
    b1, b2 = s["beta1"], s["beta2"]
    mu = nu = 0

    def step(g, t, params):
        nonlocal mu, nu
        mu = (1 - b1) * g + b1 * mu
        nu = (1 - b2) * g**2 + b2 * nu
        updates = (mu / (1 - b1**t)) / (np.sqrt(nu / (1 - b2**t)) + s["epsilon"])
        updates = updates + s["weightDecay"] * params
        param_norm = np.linalg.norm(params)
        update_norm = np.linalg.norm(updates)
        zero_norm = param_norm == 0 or update_norm == 0
        trust_ratio = 1.0 if zero_norm else param_norm / update_norm
        return s["learningRate"] * (trust_ratio * updates)

    return step


def muon(s):
    """Jordan's muon.py, in double precision, on a matrix of outputs x inputs."""
    beta = s["momentum"]
    momentum = 0

    def zeropower_via_newtonschulz5(G, steps=5):
        a, b, c = (3.4445, -4.7750, 2.0315)
        X = G.T if G.shape[0] > G.shape[1] else G
        X = X / (np.linalg.norm(X) + 1e-7)
        for _ in range(steps):
            A = X @ X.T
            B = b * A + c * A @ A
            X = a * X + B @ X
        return X.T if G.shape[0] > G.shape[1] else X

    def step(grad, t, params):
        nonlocal momentum
        momentum = momentum + (1 - beta) * (grad - momentum)
        update = grad + beta * (momentum - grad) if s["nesterov"] else momentum
        update = zeropower_via_newtonschulz5(update)
        update = update * max(1, grad.shape[0] / grad.shape[1]) ** 0.5
        lr = s["learningRate"]
        return params - (params * (1 - lr * s["weightDecay"]) - lr * update)

    return step


def settings_of(updater, **settings):
    return {"@class": "org.dl4jx.updaters." + updater, **settings}


def case(name, optimizer, updater, **settings):
    if "inner" not in settings:
        settings = {"weightDecay": 0.0, **settings}
    settings = settings_of(updater, **settings)
    made = optimizer(settings)
    step, state = made if isinstance(made, tuple) else (made, None)
    states, updates = [], []
    for t, g in enumerate(gradients(), start=1):
        if state:
            states.append(state(t))
        updates.append(step(g, t).tolist())
    result = {
        "name": name,
        "settings": settings,
        "gradients": gradients().tolist(),
        "updates": updates,
    }
    return {**result, "states": states} if states else result


def array_case(name, optimizer, updater, shape, **settings):
    """For an optimizer that works on a whole array and its parameters, in C order."""
    settings = settings_of(updater, **settings)
    random = np.random.RandomState(8)
    all_gradients = random.standard_normal((STEPS, *shape)) * random.choice([0.01, 1, 100], shape)
    parameters = start = random.standard_normal(shape)
    step = optimizer(settings)
    updates = []
    for t, g in enumerate(all_gradients, start=1):
        update = step(g, t, parameters)
        parameters = parameters - update
        updates.append(update.ravel().tolist())
    return {
        "name": name,
        "settings": settings,
        "shape": shape,
        "parameters": start.ravel().tolist(),
        "gradients": all_gradients.reshape(STEPS, -1).tolist(),
        "updates": updates,
    }


USUAL = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
OTHER = {"learningRate": 0.25, "beta1": 0.6, "beta2": 0.9, "epsilon": 1e-3}
BELIEF = {**USUAL, "epsilon": 1e-16}
FREE = {**USUAL, "learningRate": 2.5e-3}
SOPHIA = {"learningRate": 1e-4, "beta1": 0.965, "beta2": 0.99}
SOPHIA_OTHER = {"learningRate": 0.25, "beta1": 0.6, "beta2": 0.5}
ADAGRAD = {"learningRate": 1e-2, "initialAccumulator": 0.0, "epsilon": 1e-10}
ADAGRAD_FROM_A_HALF = {"learningRate": 0.1, "initialAccumulator": 0.5, "epsilon": 1e-3}
ADADELTA = {"learningRate": 1.0, "rho": 0.9, "epsilon": 1e-6}

CASES = [
    case("NAdamW", nadamw, "NAdamW", **USUAL),
    case("NAdamW, other settings", nadamw, "NAdamW", **OTHER),
    case("RAdam", radam, "RAdam", **USUAL),
    case("RAdam, other settings", radam, "RAdam", **OTHER),
    case("AdaBelief", adabelief, "AdaBeliefDecoupled", **BELIEF, rectify=False),
    case("AdaBelief, other settings", adabelief, "AdaBeliefDecoupled", **OTHER, rectify=False),
    case("rectified AdaBelief", adabelief, "AdaBeliefDecoupled", **BELIEF, rectify=True),
    case(
        "rectified AdaBelief, other settings",
        adabelief,
        "AdaBeliefDecoupled",
        **OTHER,
        rectify=True,
    ),
    case("Schedule-Free AdamW", schedule_free, "ScheduleFreeAdamW", **FREE, warmupSteps=0),
    case("Schedule-Free AdamW, warming up", schedule_free, "ScheduleFreeAdamW", **FREE, warmupSteps=7),
    case(
        "Schedule-Free AdamW, other settings",
        schedule_free,
        "ScheduleFreeAdamW",
        **OTHER,
        warmupSteps=40,
    ),
    case("Lion", lion, "Lion", learningRate=1e-4, beta1=0.9, beta2=0.99),
    case("Lion, other settings", lion, "Lion", learningRate=1e-3, beta1=0.0, beta2=0.5),
    case("Adagrad", adagrad, "AdagradDecoupled", **ADAGRAD),
    case("Adagrad, other settings", adagrad, "AdagradDecoupled", **ADAGRAD_FROM_A_HALF),
    case(
        "Optax's Adagrad", optax_adagrad, "AdagradDecoupled", **ADAGRAD, epsilonInsideRoot=True
    ),
    case(
        "Optax's Adagrad, other settings",
        optax_adagrad,
        "AdagradDecoupled",
        **ADAGRAD_FROM_A_HALF,
        epsilonInsideRoot=True,
    ),
    *(
        case(
            "Adagrad with %s and %s" % (accumulator, scaling),
            adagrad_family,
            "AdagradDecoupled",
            **ADAGRAD_FROM_A_HALF,
            accumulator=accumulator,
            scaling=scaling,
        )
        for accumulator in ("SQUARES", "ABSOLUTE_VALUES")
        for scaling in ("INVERSE_ROOT", "INVERSE", "EXPONENTIAL")
    ),
    case("Adadelta", adadelta, "AdadeltaDecoupled", **ADADELTA, initialRms=0.0),
    case("Adadelta from 1", adadelta, "AdadeltaDecoupled", **ADADELTA, initialRms=1.0),
    case(
        "Adadelta, other settings",
        adadelta,
        "AdadeltaDecoupled",
        learningRate=0.5,
        rho=0.5,
        epsilon=1e-3,
        initialRms=0.01,
    ),
    case("Lookahead", lookahead, "Lookahead", inner=settings_of("RAdam", **USUAL), k=5, alpha=0.5),
    case(
        "Lookahead, other settings",
        lookahead,
        "Lookahead",
        inner=settings_of("RAdam", **OTHER),
        k=3,
        alpha=0.75,
    ),
    case("SWATS", swats, "SWATS", **{**USUAL, "epsilon": 1e-9}, tolerance=1e-9),
    case("SWATS, switching soon", swats, "SWATS", **{**USUAL, "epsilon": 1e-9}, tolerance=1e3),
    case("SWATS, other settings", swats, "SWATS", **OTHER, tolerance=0.05),
    case("Sophia-G", sophia, "SophiaG", **SOPHIA, rho=0.04, k=100),
    case("Sophia-G, other settings", sophia, "SophiaG", **SOPHIA_OTHER, rho=0.01, k=100),
    array_case("LAMB", lamb, "LAMB", (4, 3), **{**USUAL, "epsilon": 1e-6}, weightDecay=0.01),
    array_case("LAMB, other settings", lamb, "LAMB", (2, 5), **OTHER, weightDecay=0.5),
    array_case(
        "Muon", muon, "Muon", (4, 3), learningRate=0.02, momentum=0.95, nesterov=True, weightDecay=0.01
    ),
    array_case(
        "Muon, other settings",
        muon,
        "Muon",
        (3, 7),
        learningRate=0.1,
        momentum=0.6,
        nesterov=False,
        weightDecay=0.5,
    ),
]

print(json.dumps(CASES, separators=(",", ":")))
