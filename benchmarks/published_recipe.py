"""The published RieM recipe in PyTorch: step time on this machine, and an oracle for the C# baseline.

    python3 published_recipe.py [--rows 128] [--columns 256] [--steps 20] [--threads 2]
        prints the milliseconds of one Adam step (forward, backward, update) of PyTorch.
    python3 published_recipe.py --oracle FOLDER [--matrix w.npy]
        writes target.npy and the unknowns before and after 1, 10 and 200 steps with the losses; then
        `published-check --oracle FOLDER` compares the C# baseline with them.

The unknowns of a file are in the order P [K, d], Q [N, d], A [R*M, d], c [R*M], v [M], beta.
"""
import argparse
import os
import time

import numpy as np
import torch

SHIFTS = 6
RATE = 5e-5
CHECKED_STEPS = (1, 10, 200)


class PublishedModel(torch.nn.Module):
    """beta + v . sum over shifts of sigmoid(A_r (p + shifted q) + c_r), with PyTorch's own initial values."""

    def __init__(self, rows, columns, state_dim, width):
        super().__init__()
        self.rows = torch.nn.Parameter(torch.rand(rows, state_dim))
        self.columns = torch.nn.Parameter(torch.rand(columns, state_dim))
        self.features = torch.nn.ModuleList(torch.nn.Linear(state_dim, width) for _ in range(SHIFTS))
        self.mixture = torch.nn.Linear(width, 1)

    def forward(self):
        state_dim = self.rows.shape[1]
        total = 0
        for shift, linear in enumerate(self.features):
            moved = torch.roll(self.columns, -(shift * state_dim // SHIFTS), dims=1)
            total = total + torch.sigmoid(linear(self.rows.unsqueeze(1) + moved))
        return self.mixture(total).squeeze(2)

    def plain(self):
        parts = [self.rows, self.columns]
        parts += [linear.weight for linear in self.features]
        parts += [linear.bias for linear in self.features]
        parts += [self.mixture.weight, self.mixture.bias]
        return np.concatenate([part.detach().numpy().ravel() for part in parts])


def step(model, optimiser, target):
    loss = ((target - model()) ** 2).sum()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def write_oracle(folder, model, optimiser, target):
    os.makedirs(folder, exist_ok=True)
    np.save(os.path.join(folder, "target.npy"), target.numpy())
    np.save(os.path.join(folder, "after-0.npy"), model.plain())
    losses = []
    for number in range(1, max(CHECKED_STEPS) + 1):
        losses.append(step(model, optimiser, target))
        if number in CHECKED_STEPS:
            np.save(os.path.join(folder, f"after-{number}.npy"), model.plain())
    np.save(os.path.join(folder, "losses.npy"), np.array(losses))


def print_step_time(model, optimiser, target, steps):
    for _ in range(3):
        step(model, optimiser, target)
    seconds, processor = [], time.process_time()
    for _ in range(steps):
        start = time.perf_counter()
        step(model, optimiser, target)
        seconds.append(time.perf_counter() - start)
    processor = (time.process_time() - processor) / steps
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {target.shape[0]}x{target.shape[1]}: "
          f"median {1000 * np.median(seconds):.1f} ms, fastest {1000 * min(seconds):.1f} ms, "
          f"processor time {1000 * processor:.1f} ms per step")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matrix")
    parser.add_argument("--rows", type=int, default=128)
    parser.add_argument("--columns", type=int, default=256)
    parser.add_argument("--state-dim", type=int, default=52)
    parser.add_argument("--width", type=int, default=14)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--oracle")
    arguments = parser.parse_args()
    torch.manual_seed(42)
    torch.set_num_threads(arguments.threads)
    target = (torch.from_numpy(np.load(arguments.matrix).astype(np.float32)) if arguments.matrix
              else 0.1 * torch.randn(arguments.rows, arguments.columns))
    model = PublishedModel(target.shape[0], target.shape[1], arguments.state_dim, arguments.width)
    optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
    if arguments.oracle:
        write_oracle(arguments.oracle, model, optimiser, target)
    else:
        print_step_time(model, optimiser, target, arguments.steps)


if __name__ == "__main__":
    main()
