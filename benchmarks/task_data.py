"""Writes the evaluation data that comes with the shared models as .npz files that `task-metric`, `output-error` and `flat-onnx compare --inputs` read: one folder per
model, arrays named as the model's inputs and, where they are known, `labels`. Sequences of equal lengths share a file, so that nothing is padded.

    python3 benchmarks/task_data.py SHARED_DATA TARGET
"""

import collections
import gzip
import json
import pathlib
import sys
import wave

import numpy as np


def write(target, model, name, **arrays):
    folder = target / model
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / f"{name}.npz", **arrays)


def main(source, target):
    for i, story in enumerate(json.load(open(source / "tinystories/stories260K_tokens.json"))["real"]):
        ids = np.array([story], np.int64)
        write(target, "stories260K_llama", f"real-{i}", input_ids=ids[:, :-1], labels=ids[:, 1:])

    words = collections.defaultdict(list)
    for word in json.load(open(source / "g2p/misaki_us_gold_1000.json")):
        words[len(word["input_ids"]), len(word["target_ids"])].append(word)
    for (src, tgt), group in sorted(words.items()):
        ids = np.array([word["input_ids"] for word in group], np.int64)
        targets = np.array([word["target_ids"] for word in group], np.int64)
        write(target, "misaki_bart_us", f"{src:02d}-{tgt:02d}", input_ids=ids, decoder_input_ids=targets[:, :-1], labels=targets[:, 1:])

    magika = np.load(source / "magika/magika_v3_3_eval.npz")
    write(target, "magika_standard_v3_3", "eval", bytes=magika["bytes"], labels=magika["ref_label"])

    images = np.frombuffer(gzip.open(next((source / "mnist").glob("*images*.gz"))).read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    labels = np.frombuffer(gzip.open(next((source / "mnist").glob("*labels*.gz"))).read(), np.uint8, offset=8)
    write(target, "burn_mnist", "test", **{"input.1": ((images / 255.0 - 0.1307) / 0.3081).astype(np.float32), "labels": labels.astype(np.int64)})

    seconds = [second for path in sorted((source / "speech").glob("*.wav")) for second in clips(path)]
    write(target, "kwt1_speech_commands", "speech", t0=np.stack(seconds))


def clips(path, rate=16000):
    """Whole seconds of a recording of 16-bit samples, from -1 to 1."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (rate, 2, 1), path
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
    return [samples[i : i + rate] for i in range(0, len(samples) - rate + 1, rate)]


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
