"""The encoder's PyTorch module as graphs: `export_graphs`; and those of them again, less coarse: `remake`.

Quantization: "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models" (Xiao et al.
2023) as NNCF does it, per channel, with the ranges of activations from training texts.
"""

import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bellwether.compiled_encoder.forms import Form
from bellwether.compiled_encoder.runtimes import INPUTS, OUTPUT, graph_files

# So many texts give the ranges of the activations.
CALIBRATION_TEXTS = 300
_OPSET = 17
# SmoothQuant's alpha: how much of the range of the activations goes over to the weights. NNCF's 0.95 has a seventh more
# error in the token vectors of MiniLM-L6, and 0.5 twice as much.
_SMOOTHING = 0.8
_FLOATS, _INT8 = Form("openvino", "fp32"), Form("openvino", "int8")
# The graph of OpenVINO as it was converted, of which the others are made; the compiled pipeline does not have it.
_EXACT = ("encoder.exact.xml", "encoder.exact.bin")


@dataclass(frozen=True)
class Variant:
    """How a graph of OpenVINO is made.

    left_in_floats (float): of int8, a share of the layers that make a wide vector narrow again, from the first one on.
        What they read has outliers, behind the activation function, that 8 bits hold badly, and an error of an early
        layer goes through all later ones.
    bits (int): that a weight is kept in where it is a float, 16 or 32. 16 make the pipeline half as large, and change
        the token vectors of MiniLM-L6 by 0.08 %, which is nothing beside the error of bfloat16, 0.6 %.
    """

    left_in_floats: float = 0.0
    bits: int = 16

    def __str__(self) -> str:
        if self.left_in_floats:
            return f"{100 * self.left_in_floats:.0f} % of the contracting layers in floats"
        return "weights in 32 bits" if self.bits == 32 else ""


def list_variants(form: Form) -> tuple[Variant, ...]:
    """What to try, one after the other, until a form agrees with the trained pipeline: the fastest and smallest first.
    `export_graphs` makes the first."""
    if form == _INT8:
        return Variant(), Variant(left_in_floats=0.5), Variant(left_in_floats=1.0)
    return (Variant(), Variant(bits=32)) if form == _FLOATS else (Variant(),)


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
            _save_graph(_openvino_graph(module), folder, _EXACT, bits=32)
            for form in (_FLOATS, _INT8):
                if graph_files(form) in files:
                    remake(form, list_variants(form)[0], calibration, folder)
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


def _save_graph(model: Any, folder: Path, names: tuple[str, ...], *, bits: int) -> None:
    import openvino

    # Whoever has the old graph open, mapped into memory, keeps it.
    for name in names:
        (folder / name).unlink(missing_ok=True)
    openvino.save_model(model, folder / names[0], compress_to_fp16=bits == 16)


def remake(form: Form, variant: Variant, calibration: Sequence[list[int]], folder: Path) -> None:
    """Write the graph of an fp32 or int8 form of OpenVINO, over what is there.

    calibration (Sequence): word pieces of training texts. folder (Path): where `export_graphs` left its graphs.
    """
    import openvino

    model = openvino.Core().read_model(folder / _EXACT[0])
    if form == _INT8:
        model = _quantize(model, calibration, variant.left_in_floats)
    _save_graph(model, folder, graph_files(form), bits=variant.bits)


def _quantize(model: Any, calibration: Sequence[list[int]], left_in_floats: float) -> Any:
    with _quiet():
        import nncf

        nncf.set_log_level(logging.ERROR)
        contracting = find_contracting(model)
        names = contracting[: round(left_in_floats * len(contracting))]
        return nncf.quantize(
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


def find_contracting(model: Any) -> list[str]:
    """The names of the dense layers of an OpenVINO model that have more inputs than outputs, in their order."""
    found = []
    for operation in model.get_ordered_ops():
        if operation.get_type_name() == "MatMul" and operation.input_value(1).get_node().get_type_name() == "Constant":
            shape = list(operation.input_value(1).get_shape())
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
