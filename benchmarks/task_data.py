"""Writes the evaluation data that comes with the shared models as .npz files that `task-metric`, `task-loss`, `output-error` and `flat-onnx compare --inputs` read:
one folder per model, arrays named as the model's inputs and, where they are known, `labels`. Sequences of equal lengths share a file, so that nothing is padded.
Needs nothing besides Python.

    python3 benchmarks/task_data.py SHARED_DATA TARGET
"""

import array
import collections
import gzip
import json
import pathlib
import struct
import sys
import wave
import zipfile

TYPES = {"q": "<i8", "f": "<f4"}


def npy(values, shape):
    """The bytes of a .npy file; values is an array of int64 ('q') or float32 ('f')."""
    dims = "(" + "".join(f"{size}, " for size in shape) + ")"
    header = f"{{'descr': '{TYPES[values.typecode]}', 'fortran_order': False, 'shape': {dims}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values.tobytes()


def write(target, model, name, **arrays):
    folder = target / model
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}.npz", "w") as file:
        for key, content in arrays.items():
            file.writestr(f"{key}.npy", content)


def rows(table):
    """A table of whole numbers."""
    return npy(array.array("q", [value for row in table for value in row]), (len(table), len(table[0])))


def main(source, target):
    for i, story in enumerate(json.load(open(source / "tinystories/stories260K_tokens.json"))["real"]):
        write(target, "stories260K_llama", f"real-{i}", input_ids=rows([story[:-1]]), labels=rows([story[1:]]))

    words = collections.defaultdict(list)
    for word in json.load(open(source / "g2p/misaki_us_gold_1000.json")):
        words[len(word["input_ids"]), len(word["target_ids"])].append(word)
    for (src, tgt), group in sorted(words.items()):
        targets = [word["target_ids"] for word in group]
        write(
            target, "misaki_bart_us", f"{src:02d}-{tgt:02d}", input_ids=rows([word["input_ids"] for word in group]),
            decoder_input_ids=rows([ids[:-1] for ids in targets]), labels=rows([ids[1:] for ids in targets]))

    with zipfile.ZipFile(source / "magika/magika_v3_3_eval.npz") as file:
        write(target, "magika_standard_v3_3", "eval", bytes=file.read("bytes.npy"), labels=file.read("ref_label.npy"))

    images = gzip.open(next((source / "mnist").glob("*images*.gz"))).read()[16:]
    labels = gzip.open(next((source / "mnist").glob("*labels*.gz"))).read()[8:]
    pixels = array.array("f", [(value / 255 - 0.1307) / 0.3081 for value in images])
    write(target, "burn_mnist", "test", **{"input.1": npy(pixels, (len(labels), 1, 28, 28)), "labels": npy(array.array("q", labels), (len(labels),))})

    seconds = [second for path in sorted((source / "speech").glob("*.wav")) for second in clips(path)]
    samples = array.array("f", [sample / 32768 for second in seconds for sample in second])
    write(target, "kwt1_speech_commands", "speech", t0=npy(samples, (len(seconds), len(seconds[0]))))


def clips(path, rate=16000):
    """Whole seconds of a recording of 16-bit samples."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (rate, 2, 1), path
        samples = array.array("h", file.readframes(file.getnframes()))
    return [samples[i : i + rate] for i in range(0, len(samples) - rate + 1, rate)]


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
