"""The encoder's PyTorch module as graphs: `export_graphs`; and its int8 graph with more of it in floats: `quantize`.

Quantization: "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models" (Xiao et al.
2023) as NNCF does it, per channel, with the ranges of activations from training texts.
"""

import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bellwether.compiled_encoder.forms import Form
from bellwether.compiled_encoder.runtimes import INPUTS, OUTPUT, graph_files

# So many texts give the ranges of the activations.
CALIBRATION_TEXTS = 300
# What int8 may leave in floats, the fastest first: a share of the layers that make a wide vector narrow again, from the
# first one on. What they read has outliers, behind the activation function, that 8 bits hold badly, and an error of an
# early layer goes through all later ones.
LEFT_IN_FLOATS = (0.0, 0.5, 1.0)
_OPSET = 17
# SmoothQuant's alpha: how much of the range of the activations goes over to the weights. NNCF's 0.95 has a seventh more
# error in the token vectors of MiniLM-L6, and 0.5 twice as much.
_SMOOTHING = 0.8
_FLOATS, _INT8 = Form("openvino", "fp32"), Form("openvino", "int8")


class _Encoder(torch.nn.Module):
    """A transformer as a function of pieces and mask, to the vectors of the pieces."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        return self.module(input_ids=input_ids, attention_mask=attention_mask)[0]


def export_graphs(module: Any, forms: Iterable[Form], calibration: Sequence[list[int]], folder: Path) -> None:
    """Write the graphs of some forms.

    module: the transformer of PyTorch. calibration (Sequence): word pieces of training texts, for int8.
    """
    files = {graph_files(form): form for form in forms}
    module.eval()
    with _quiet(), torch.inference_mode():
        if any(form.runtime == "openvino" for form in files.values()):
            _save_graph(_openvino_graph(module), folder, _FLOATS)
            if _INT8 in files.values():
                quantize(folder, calibration, LEFT_IN_FLOATS[0])
        if any(form.runtime == "onnxruntime" for form in files.values()):
            _save_onnx(module, [form for form in files.values() if form.runtime == "onnxruntime"], calibration, folder)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporters' remarks on their own internals, and without telemetry, which NNCF and OpenVINO's converter
    send unless they believe to run in CI."""
    before = {name: os.environ.get(name) for name in ("CI", "NNCF_CI")}
    os.environ.update(CI="true", NNCF_CI="1")
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _example() -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.ones((2, 16), dtype=torch.int64)
    return ids, torch.ones_like(ids)


def _openvino_graph(module: Any) -> Any:
    import openvino

    example = dict(zip(INPUTS, _example(), strict=True))
    model = openvino.convert_model(_Encoder(module), example_input=example)
    for port, name in zip(model.inputs, INPUTS, strict=True):
        port.get_tensor().set_names({name})
    model.outputs[0].get_tensor().set_names({OUTPUT})
    return model


def _inputs(pieces: list[int]) -> dict[str, Any]:
    ids = np.array([pieces], np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def _save_graph(model: Any, folder: Path, form: Form) -> None:
    """Weights are kept in 16 bits, which makes the pipeline half as large; a form computes in its own precision. The
    token vectors of MiniLM-L6 change by 0.08 % in float32, and not at all, beside its own error, in bfloat16."""
    import openvino

    openvino.save_model(model, folder / graph_files(form)[0], compress_to_fp16=True)


def quantize(folder: Path, calibration: Sequence[list[int]], left_in_floats: float) -> None:
    """Write the int8 graph of OpenVINO from the fp32 one that `export_graphs` left in the folder, over what is there.

    calibration (Sequence): word pieces of training texts. left_in_floats (float): see `LEFT_IN_FLOATS`.
    """
    import openvino

    with _quiet():
        import nncf

        nncf.set_log_level(logging.ERROR)
        model = openvino.Core().read_model(folder / graph_files(_FLOATS)[0])
        contracting = find_contracting(model)
        names = contracting[: round(left_in_floats * len(contracting))]
        quantized = nncf.quantize(
            model,
            nncf.Dataset(calibration, _inputs),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(calibration),
            ignored_scope=nncf.IgnoredScope(names=names) if names else None,
            advanced_parameters=nncf.AdvancedQuantizationParameters(
                smooth_quant_alphas=nncf.AdvancedSmoothQuantParameters(matmul=_SMOOTHING)
            ),
        )
        # Whoever has the old graph open, mapped into memory, keeps it.
        for name in graph_files(_INT8):
            (folder / name).unlink(missing_ok=True)
        _save_graph(quantized, folder, _INT8)


def find_contracting(model: Any) -> list[str]:
    """The names of the dense layers of an OpenVINO model that have more inputs than outputs, in their order."""
    found = []
    for operation in model.get_ordered_ops():
        if operation.get_type_name() != "MatMul":
            continue
        weights = operation.input_value(1).get_node()
        if weights.get_type_name() == "Convert":  # kept in 16 bits
            weights = weights.input_value(0).get_node()
        if weights.get_type_name() == "Constant":
            shape = list(weights.get_output_shape(0))
            outputs, inputs = shape if operation.get_attributes()["transpose_b"] else shape[::-1]
            if inputs > outputs:
                found.append(operation.get_friendly_name())
    return found


def _save_onnx(module: Any, forms: list[Form], calibration: Sequence[list[int]], folder: Path) -> None:
    fp32 = folder / graph_files(Form("onnxruntime", "fp32"))[0]
    # Attention written out is what ONNX has operators for.
    attention = module.config._attn_implementation
    module.config._attn_implementation = "eager"
    try:
        torch.onnx.export(
            _Encoder(module),
            _example(),
            fp32,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in (*INPUTS, OUTPUT)},
            opset_version=_OPSET,
            dynamo=False,
        )
    finally:
        module.config._attn_implementation = attention
    if any(form.precision == "int8" for form in forms):
        from onnxruntime.quantization import QuantType, quantize_dynamic

        int8 = folder / graph_files(Form("onnxruntime", "int8"))[0]
        quantize_dynamic(fp32, int8, per_channel=True, weight_type=QuantType.QInt8)
    if all(form.precision != "fp32" for form in forms):
        fp32.unlink()
