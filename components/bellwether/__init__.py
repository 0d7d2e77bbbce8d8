"""Bellwether: what a trained pipeline needs to load and run. Importing it never imports PyTorch.

* `values`: the typed values (`Money`, `Percent`, …);
* `attributes`: the custom attributes, registered on import;
* `scoped_textcat`: trainable document classifier in a namespace of its own;
* `normalizers`: rule-based components that find expressions and attach values;
* `readers`, `scorers`: functions that a training config names.
"""

from . import attributes as attributes
from .values import Company, Money, Percent, Period, Quantity, Ticker, Value, value_from_json

__all__ = ["Company", "Money", "Percent", "Period", "Quantity", "Ticker", "Value", "value_from_json"]
