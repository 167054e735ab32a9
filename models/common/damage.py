"""How a sample's metric falls when its 2-D weights are rounded to a plain uniform grid.

Not the tool's method: a yardstick that shows that the test data can see damage. Each output column
(the last axis of a [K,N] weight) has one scale, chosen among 24 candidates for the least square error."""
import copy

import torch


def round_columns(weight, bits):
    """weight [N,K] as torch keeps it: each row is one output's column of W [K,N]."""
    top = 2 ** (bits - 1) - 0.5
    best, best_error = None, None
    peak = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-12)
    for step in range(24):
        scale = peak * (0.2 + 0.8 * step / 23) / top
        # Mid-rise grid: 2^bits levels, symmetric around zero.
        candidate = (torch.floor(weight / scale) + 0.5).clamp(-top, top) * scale
        error = ((candidate - weight) ** 2).sum(dim=1, keepdim=True)
        if best is None:
            best, best_error = candidate, error
        else:
            better = error < best_error
            best = torch.where(better, candidate, best)
            best_error = torch.where(better, error, best_error)
    return best


def table(model, metric, smallest=4096):
    """Returns {bits: metric} with every linear layer of at least `smallest` weights rounded."""
    figures = {}
    for bits in (8, 4, 3, 2):
        damaged = copy.deepcopy(model)
        for module in damaged.modules():
            if isinstance(module, torch.nn.Linear) and module.weight.numel() >= smallest:
                module.weight.data = round_columns(module.weight.data, bits)
        figures[bits] = float(metric(damaged))
    return figures
