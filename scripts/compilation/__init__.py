"""From a trained pipeline to one without PyTorch.

* `graphs`: the encoder's module as graphs of OpenVINO and ONNX Runtime, in several precisions;
* `listeners`: heads that listen to a transformer become heads that read `doc.tensor`;
* `assemble`: the folder of the compiled pipeline;
* `gate`: both pipelines on the same docs, and how far they may differ;
* `report`: what the gate found, as JSON and Markdown.
"""

# The name of the encoder's component in a compiled pipeline, and of its folder.
COMPONENT = "compiled_encoder"
