"""One interface to the runtimes: `open_runtime(files, form, threads)` gives a `Runtime`, which runs word pieces.

A graph reads `input_ids` and `attention_mask`, int64 arrays of shape (batch, length), and gives the vectors of the word
pieces, a float32 array of shape (batch, length, width).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .forms import Form, computes_in_bfloat16

INPUTS = ("input_ids", "attention_mask")
OUTPUT = "last_hidden_state"

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

# A file's name to its path, or to its content where the pipeline came as bytes.
Files = Mapping[str, Path | bytes]


class Runtime(Protocol):
    """An opened graph. Not for several threads at once."""

    def run(self, input_ids: Ints, attention_mask: Ints) -> Floats:
        """RETURNS (Floats): vectors of word pieces, (batch, length, width); they last until the next call."""
        ...


def graph_files(form: Form) -> tuple[str, ...]:
    """The names of the files that a form is read from. Precisions that the runtime makes of fp32 share its files."""
    stem = "encoder.int8" if form.precision == "int8" else "encoder.fp32"
    return (f"{stem}.xml", f"{stem}.bin") if form.runtime == "openvino" else (f"{stem}.onnx",)


def open_runtime(source: Path | Files, form: Form | str, threads: int = 0) -> Runtime:
    """Load a graph.

    source (Path | Files): the folder of the component in a saved pipeline, or its files.
    form (Form | str): runtime and precision.
    threads (int): to compute with; 0: as many as the runtime takes by itself, one a core.
    RAISES (FileNotFoundError): where the form's files are not there.
    """
    form = Form.parse(form) if isinstance(form, str) else form
    if isinstance(source, Path):
        source = {name: source / name for name in graph_files(form)}
    files = []
    for name in graph_files(form):
        file = source.get(name)
        if file is None or (isinstance(file, Path) and not file.is_file()):
            raise FileNotFoundError(f"compiled_encoder: the file {file or name} of the form {form} is missing")
        files.append(file)
    return OpenVino(files, form, threads) if form.runtime == "openvino" else OnnxRuntime(files, form, threads)


class OpenVino:
    """A graph in OpenVINO, on the CPU."""

    def __init__(self, files: list[Path | bytes], form: Form, threads: int) -> None:
        import openvino

        core = openvino.Core()
        model = core.read_model(*files)
        settings: dict[str, Any] = {
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
            # What is int8 in the graph is so under either hint; for the rest of it, bfloat16 where the processor has it
            # is a fourth faster, and its error a seventh of that of int8.
            "INFERENCE_PRECISION_HINT": "bf16" if computes_in_bfloat16(form) else "f32",
        }
        if threads:
            settings["INFERENCE_NUM_THREADS"] = threads
        self._request = core.compile_model(model, "CPU", settings).create_infer_request()

    def run(self, input_ids: Ints, attention_mask: Ints) -> Floats:
        self._request.infer(dict(zip(INPUTS, (input_ids, attention_mask), strict=True)), share_inputs=True)
        output: Floats = self._request.get_output_tensor(0).data
        return output


class OnnxRuntime:
    """A graph in ONNX Runtime, on the CPU."""

    def __init__(self, files: list[Path | bytes], form: Form, threads: int) -> None:
        import onnxruntime

        if form.precision == "bf16":
            raise ValueError("compiled_encoder: ONNX Runtime computes in fp32 and int8 only, on a CPU")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin between two calls take the processor from what else a pipeline does.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        [file] = files
        self._session = onnxruntime.InferenceSession(
            str(file) if isinstance(file, Path) else file, options, providers=["CPUExecutionProvider"]
        )

    def run(self, input_ids: Ints, attention_mask: Ints) -> Floats:
        output: Floats = self._session.run([OUTPUT], dict(zip(INPUTS, (input_ids, attention_mask), strict=True)))[0]
        return output
