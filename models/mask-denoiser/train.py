"""Trains a spectral mask denoiser on synthetic voices; writes mask_denoiser.onnx, test.npz and reference.json."""
import os
import sys
import time

import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import damage
import sample
from signals import BINS, dataset

HIDDEN, AROUND = 160, 2
TRAIN_SEQUENCES, TEST_SEQUENCES, FRAMES = 3000, 48, 32
EPOCHS, BATCH, PEAK_RATE = 20, 16, 2e-3


class MaskDenoiser(nn.Module):
    """noisy [N,T,129] magnitudes -> clean [N,T,129]: a mask in (0,1) times the input.

    The first layer sees five frames and stays three-dimensional (MatMul and Add); the others run on frames
    [N*T, .] (Gemm with transB)."""

    def __init__(self):
        super().__init__()
        self.context = nn.Linear(BINS * (2 * AROUND + 1), HIDDEN)
        self.hidden1 = nn.Linear(HIDDEN, HIDDEN)
        self.hidden2 = nn.Linear(HIDDEN, HIDDEN)
        self.mask = nn.Linear(HIDDEN, BINS)

    def forward(self, noisy):
        t = noisy.shape[1]
        level = torch.log(noisy + 0.01)
        # The first and the last frame stand for those outside.
        padded = torch.cat([level[:, :1]] * AROUND + [level] + [level[:, -1:]] * AROUND, dim=1)
        frames = torch.cat([padded[:, i:i + t] for i in range(2 * AROUND + 1)], dim=2)
        x = torch.relu(self.context(frames)).reshape(-1, HIDDEN)
        x = torch.relu(self.hidden1(x))
        x = torch.relu(self.hidden2(x)) + x
        return torch.sigmoid(self.mask(x)).reshape(noisy.shape) * noisy


def loss_of(estimate, clean):
    """Compressed magnitudes, as in speech denoisers: otherwise only the loudest bins would count."""
    return ((estimate + 1e-3).sqrt() - (clean + 1e-3).sqrt()).square().mean() + .02 * (estimate - clean).square().mean()


def train(model, noisy, clean, started):
    optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=1e-2)
    per_epoch = len(noisy) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=EPOCHS * per_epoch)
    for epoch in range(EPOCHS):
        order, total = torch.randperm(len(noisy)), 0.0
        for i in range(per_epoch):
            pick = order[i * BATCH:(i + 1) * BATCH]
            with sample.fast_products():
                estimate = model(noisy[pick])
            loss = loss_of(estimate.float(), clean[pick])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / per_epoch:.5f}, {time.time() - started:.0f} s", flush=True)


def snr_db(estimate, clean):
    """10 log10(sum clean^2 / sum (estimate - clean)^2) over the whole array, in double precision."""
    estimate, clean = estimate.double(), clean.double()
    return (10 * torch.log10(clean.square().sum() / (estimate - clean).square().sum())).item()


def main():
    started = time.time()
    sample.seed_everything(20263)
    noisy, clean = (torch.from_numpy(a) for a in dataset(TRAIN_SEQUENCES, FRAMES, seed=1))
    print(f"drawn in {time.time() - started:.0f} s", flush=True)
    model = MaskDenoiser()
    train(model, noisy, clean, started)

    test_noisy, test_clean = (torch.from_numpy(sample.rounded(a, 9)) for a in dataset(TEST_SEQUENCES, FRAMES, seed=2))

    def snr(candidate):
        candidate.eval()
        with torch.no_grad():
            return snr_db(candidate(test_noisy), test_clean)

    # 3 by 21: different from each other and from FRAMES, so that no length is baked in unnoticed.
    sample.export(
        model, test_noisy[:3, :21], os.path.join(HERE, "mask_denoiser.onnx"), "noisy", "clean",
        {"noisy": {0: "N", 1: "T"}, "clean": {0: "N", 1: "T"}}, opset=17)
    sample.save_test(os.path.join(HERE, "test.npz"), noisy=test_noisy.numpy(), labels=test_clean.numpy())
    sample.save_reference(
        os.path.join(HERE, "reference.json"), metric="snr_db", value=snr(model), samples=TEST_SEQUENCES * FRAMES,
        better="higher", output="clean", also={"input_snr_db": snr_db(test_noisy, test_clean)},
        uniform_grid={str(b): v for b, v in damage.table(model, snr).items()})
    print(f"done in {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
