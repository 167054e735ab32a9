"""What the three training scripts share: seeding, export, test data, reference figures."""
import io
import json
import os
import random

import numpy as np
import onnx
import onnx.numpy_helper
import torch

MAX_FILE_BYTES = 2_000_000
THREADS = 2


def seed_everything(seed):
    """Fixes every generator and the thread count: the order of float sums depends on the latter."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)


def fast_products():
    """Matrix products in bfloat16 while training (weights, sums over steps and everything after stay float32).

    Debian's torch is linked with the reference BLAS, some fifty times slower than the bfloat16 path."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def export(model, example, path, input_name, output_name, dynamic_axes, opset):
    """Writes `model` as a checked ONNX file without doc strings, paths or metadata; returns the proto."""
    buffer = io.BytesIO()
    model.eval()
    torch.onnx.export(
        model, example, buffer, input_names=[input_name], output_names=[output_name],
        dynamic_axes=dynamic_axes, opset_version=opset, do_constant_folding=True)
    proto = onnx.load_from_string(buffer.getvalue())
    _name_folded_weights(proto, model)
    _strip(proto, os.path.splitext(os.path.basename(path))[0])
    onnx.checker.check_model(proto, full_check=True)
    _write(path, proto.SerializeToString(deterministic=True))
    return proto


def _name_folded_weights(proto, model):
    """The exporter numbers the weights that it transposes; give them the parameter's name and `.T`."""
    parameters = {name: p.detach().numpy() for name, p in model.named_parameters()}
    renamed = {}
    for initializer in proto.graph.initializer:
        if not initializer.name.startswith("onnx::"):
            continue
        value = onnx.numpy_helper.to_array(initializer)
        for name, parameter in parameters.items():
            if value.ndim == 2 and value.shape == parameter.T.shape and np.array_equal(value, parameter.T):
                renamed[initializer.name] = name + ".T"
                initializer.name = name + ".T"
                break
    for node in proto.graph.node:
        for i, name in enumerate(node.input):
            node.input[i] = renamed.get(name, name)


def _strip(proto, name):
    proto.doc_string = ""
    proto.graph.doc_string = ""
    proto.graph.name = name
    proto.producer_name = "flat-onnx sample models"
    proto.producer_version = ""
    del proto.metadata_props[:]
    for node in proto.graph.node:
        node.doc_string = ""
    for value in [*proto.graph.input, *proto.graph.output, *proto.graph.value_info, *proto.graph.initializer]:
        value.doc_string = ""


def save_test(path, **arrays):
    """`arrays` are named as the graph inputs, plus `labels`; only float32 and int64, C order."""
    for name, array in arrays.items():
        assert array.dtype in (np.float32, np.int64), f"{name}: {array.dtype}"
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{k: np.ascontiguousarray(v) for k, v in arrays.items()})
    _write(path, buffer.getvalue())


def save_reference(path, **figures):
    text = json.dumps(figures, indent=2, sort_keys=False) + "\n"
    _write(path, text.encode("ascii"))
    print(text, end="")


def _write(path, data):
    if len(data) > MAX_FILE_BYTES:
        raise SystemExit(f"{path}: {len(data)} bytes, more than the {MAX_FILE_BYTES} allowed in the repository")
    with open(path, "wb") as f:
        f.write(data)
    print(f"{os.path.basename(path)}: {len(data)} bytes")


def rounded(array, bits):
    """float32 with `bits` mantissa bits kept: exact in float32, and half the size once deflated."""
    mantissa, exponent = np.frexp(array.astype(np.float32))
    return np.ldexp(np.round(mantissa * (1 << bits)) / (1 << bits), exponent).astype(np.float32)
