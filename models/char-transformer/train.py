"""Trains a causal character transformer on text of our own grammar; writes the model, test.npz, reference.json."""
import math
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
from grammar import ALPHABET, tokens

WIDTH, HEADS, LAYERS, CONTEXT = 96, 4, 4, 96
TRAIN_CHARACTERS, TEST_SEQUENCES = 6_000_000, 256
STEPS, BATCH, PEAK_RATE = 3000, 32, 3e-3


class Attention(nn.Module):
    """x [N,T,D] -> [N,T,D]; `mask` [T,T] is 0 where a position may look, a large negative number elsewhere."""

    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x, mask):
        n, t, _ = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(WIDTH // HEADS)) + mask
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, WIDTH))


class Block(nn.Module):
    """Pre-norm attention and a four times wider GELU layer."""

    def __init__(self):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(WIDTH), Attention()
        self.norm2, self.up, self.down = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, mask):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class CharTransformer(nn.Module):
    """ids [N,T] int64, T up to CONTEXT -> logits [N,T,V] of the next character."""

    def __init__(self):
        super().__init__()
        self.characters = nn.Embedding(len(ALPHABET), WIDTH)
        self.positions = nn.Parameter(torch.randn(CONTEXT, WIDTH) * .02)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, len(ALPHABET), bias=False)
        self.register_buffer("mask", torch.triu(torch.full((CONTEXT, CONTEXT), -1e4), 1))
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2 and name != "positions":
                # Layers that write to the residual stream start smaller, as it sums 2 * LAYERS of them.
                deep = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(parameter, std=.08 / math.sqrt(2 * LAYERS) if deep else .08)

    def forward(self, ids):
        t = ids.shape[1]
        x, mask = self.characters(ids) + self.positions[:t], self.mask[:t, :t]
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x))


def train(model, text, started):
    decayed = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": .05}, {"params": others, "weight_decay": 0}], lr=PEAK_RATE, betas=(.9, .98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=STEPS, pct_start=.08)
    span, total = torch.arange(CONTEXT + 1), 0.0
    for step in range(1, STEPS + 1):
        window = text[torch.randint(len(text) - CONTEXT, (BATCH, 1)) + span]
        with sample.fast_products():
            logits = model(window[:, :-1])
        loss = F.cross_entropy(logits.float().flatten(0, 1), window[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += loss.item()
        if step % 100 == 0:
            print(f"step {step}: loss {total / 100:.4f}, {time.time() - started:.0f} s", flush=True)
            total = 0.0


def main():
    started = time.time()
    sample.seed_everything(20262)
    text = torch.from_numpy(tokens(TRAIN_CHARACTERS, seed=1))
    model = CharTransformer()
    print(f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    train(model, text, started)

    held_out = torch.from_numpy(tokens(TEST_SEQUENCES * (CONTEXT + 1), seed=2)).reshape(TEST_SEQUENCES, CONTEXT + 1)
    ids, labels = held_out[:, :-1], held_out[:, 1:]

    def logits(candidate):
        candidate.eval()
        with torch.no_grad():
            return torch.cat([candidate(part) for part in ids.split(32)]).flatten(0, 1)

    def nll(candidate):
        return F.cross_entropy(logits(candidate).double(), labels.flatten()).item()

    top1 = (logits(model).argmax(1) == labels.flatten()).double().mean().item()
    # 32 by 77: different from each other and from CONTEXT, so that no length is baked in unnoticed.
    sample.export(
        model, ids[:32, :77], os.path.join(HERE, "char_transformer.onnx"), "ids", "logits",
        {"ids": {0: "N", 1: "T"}, "logits": {0: "N", 1: "T"}}, opset=13)
    sample.save_test(os.path.join(HERE, "test.npz"), ids=ids.numpy(), labels=labels.numpy())
    sample.save_reference(
        os.path.join(HERE, "reference.json"), metric="nll", value=nll(model), samples=labels.numel(),
        better="lower", output="logits", also={"top1": top1},
        uniform_grid={str(b): v for b, v in damage.table(model, nll).items()})
    print(f"done in {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
