"""`compiled_encoder`: the encoder of a trained pipeline as a graph that runs on a CPU without PyTorch.

* `component`: the spaCy component, which writes `doc.tensor` for the `Tok2VecListener` of every head;
* `pieces`: from docs to word pieces and back to token vectors, the way spacy-transformers does it, in numpy;
* `forms`: runtime and precision of a graph, and which of them a processor is best served by;
* `runtimes`: one interface to OpenVINO and ONNX Runtime.

`python -m scripts compile` makes one from a trained pipeline.
"""

from .component import CompiledEncoder as CompiledEncoder
from .forms import Form as Form
from .runtimes import open_runtime as open_runtime

__all__ = ["CompiledEncoder", "Form", "open_runtime"]
