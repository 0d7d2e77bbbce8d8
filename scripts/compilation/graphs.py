"""The encoder's PyTorch module as graphs: `export_graphs`.

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
_OPSET = 17


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
            model = _openvino_graph(module)
            for form in files.values():
                if form.runtime == "openvino":
                    _save_openvino(model, form, calibration, folder)
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


def _save_openvino(model: Any, form: Form, calibration: Sequence[list[int]], folder: Path) -> None:
    import openvino

    if form.precision == "int8":
        import nncf

        nncf.set_log_level(logging.ERROR)
        model = nncf.quantize(
            model.clone(),
            nncf.Dataset(calibration, _inputs),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(calibration),
        )
    openvino.save_model(model, folder / graph_files(form)[0], compress_to_fp16=False)


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
