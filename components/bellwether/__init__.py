"""Bellwether: what a trained pipeline needs to load and run. Importing it never imports PyTorch.

* `values`: the typed values (`Money`, `Percent`, …);
* `attributes`: the custom attributes, registered on import;
* `scoped_textcat`, `crf_ner`, `entity_sentiment`: trainable classifiers of documents, words and entities;
* `compiled_encoder`: the encoder of a trained pipeline as a graph that needs no PyTorch;
* `normalizers`: rule-based components that find expressions and attach values;
* `annotations`: what was found in a doc, as plain data;
* `threads`: how many threads a loaded pipeline computes with;
* `readers`, `scorers`: functions that a training config names.
"""

from . import attributes as attributes
from .values import Company, Money, Percent, Period, Quantity, Ticker, Value, value_from_json

__all__ = ["Company", "Money", "Percent", "Period", "Quantity", "Ticker", "Value", "value_from_json"]
