"""Trains LeNet-5 on drawn digits and writes lenet5.onnx, test.npz and reference.json beside this file."""
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import damage
import sample
from digits import dataset

TRAIN, TEST, EPOCHS, BATCH = 30_000, 2_000, 10, 64


class LeNet5(nn.Module):
    """images [N,1,28,28] -> logits [N,10]."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, images):
        x = F.max_pool2d(F.relu(self.conv1(images)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


def train(model, images, labels):
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    steps = EPOCHS * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    for epoch in range(EPOCHS):
        order, total = torch.randperm(len(images)), 0.0
        for start in range(0, len(images) - BATCH + 1, BATCH):
            pick = order[start:start + BATCH]
            loss = F.cross_entropy(model(images[pick]), labels[pick])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / (len(images) // BATCH):.4f}", flush=True)


def main():
    started = time.time()
    sample.seed_everything(20261)
    images, labels = dataset(TRAIN, seed=1)
    test_images, test_labels = dataset(TEST, seed=2)
    print(f"drawn in {time.time() - started:.0f} s", flush=True)
    model = LeNet5()
    train(model, torch.from_numpy(images), torch.from_numpy(labels))

    x, y = torch.from_numpy(test_images), torch.from_numpy(test_labels)

    def logits(candidate):
        candidate.eval()
        with torch.no_grad():
            return candidate(x)

    def accuracy(candidate):
        return (logits(candidate).argmax(1) == y).double().mean().item()

    def nll(candidate):
        return F.cross_entropy(logits(candidate).double(), y).item()

    sample.export(
        model, x[:2], os.path.join(HERE, "lenet5.onnx"), "images", "logits",
        {"images": {0: "N"}, "logits": {0: "N"}}, opset=11)
    sample.save_test(os.path.join(HERE, "test.npz"), images=test_images, labels=test_labels)
    sample.save_reference(
        os.path.join(HERE, "reference.json"), metric="top1", value=accuracy(model), samples=TEST,
        better="higher", output="logits", also={"nll": nll(model)},
        uniform_grid={str(b): v for b, v in damage.table(model, accuracy).items()})
    print(f"done in {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
