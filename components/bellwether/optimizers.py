"""`bellwether.Adam.v1`: Adam with its own learning rates for the layers of a pretrained PyTorch encoder and for the
heads on it, and averaged weights of both.

A head starts from nothing and needs steps ten times as large as a pretrained encoder bears. With one rate for all,
either the heads learn too slowly or the first, large gradients of the recogniser wreck the encoder before the
classifiers can use it.
"""

import re
from typing import Any

from thinc.api import get_array_module
from thinc.config import registry
from thinc.optimizers import ADAM_DEFAULTS, FloatOrSeq, KeyT, Optimizer
from thinc.types import FloatsXd

# Names of thinc parameters have no dot ("W", "b"); those of a PyTorch module say where they are
# ("encoder.layer.3.output.dense.weight").
_TORCH_SEPARATOR = "."
_LAYER = re.compile(r"(?:^|\.)layers?\.(\d+)\.")
_EMBEDDINGS = re.compile(r"(?:^|\.)embeddings\.")
# Averages are updated every so many steps: 23 million numbers each time take as long as a tenth of a step.
_AVERAGE_EVERY = 8


class GroupedAdam(Optimizer):
    """Adam that multiplies the learning rate of every parameter outside PyTorch modules by `head_scale`, and that of
    the layers of a PyTorch encoder by `layer_decay` for each layer that lies above.

    learn_rate (float | schedule): of the encoder's last layer.
    head_scale (float): the heads' rate as a multiple of it.
    layer_decay (float): 0..1; of a layer's rate to that of the next one, the embeddings being the first (Howard and
        Ruder 2018, "Universal language model fine-tuning for text classification", discriminative fine-tuning).
    use_averages (bool): keep the exponential moving average of all weights, with which spaCy evaluates and saves
        (Polyak averaging). Its decay grows as (1 + n) / (10 + n) over the updates of the average: it looks back over
        about a tenth of the steps.
    The others as in `thinc.api.Adam`.
    """

    __slots__ = ("_depth", "head_scale", "layer_decay")

    def __init__(self, learn_rate: FloatOrSeq, *, head_scale: float, layer_decay: float = 1.0, **settings: Any) -> None:
        super().__init__(learn_rate, **settings)
        if not head_scale > 0.0:
            raise ValueError(f"bellwether.Adam.v1: head_scale must be above 0, got {head_scale!r}")
        if not 0.0 < layer_decay <= 1.0:
            raise ValueError(f"bellwether.Adam.v1: layer_decay must be above 0 and at most 1, got {layer_decay!r}")
        self.head_scale = head_scale
        self.layer_decay = layer_decay
        self._depth = 0

    def __call__(
        self, key: KeyT, weights: FloatsXd, gradient: FloatsXd, *, lr_scale: float = 1.0
    ) -> tuple[FloatsXd, FloatsXd]:
        averages: dict[Any, FloatsXd] | None = self.averages  # type: ignore[has-type]
        self.averages = None  # type: ignore[misc]
        try:
            updated: tuple[FloatsXd, FloatsXd] = super().__call__(
                key, weights, gradient, lr_scale=lr_scale * self.scale(str(key[1]))
            )
        finally:
            self.averages = averages  # type: ignore[misc]
        if averages is not None:
            self._average(averages, key, updated[0])
        return updated

    def scale(self, name: str) -> float:
        """By what the learning rate of a parameter is multiplied.

        The number of layers becomes known as they come by, so in the first step of all, which is the smallest of the
        warm-up, the embeddings count as the last layer.
        """
        if _TORCH_SEPARATOR not in name:
            return self.head_scale
        found = _LAYER.search(name)
        if found is not None:
            above = int(found.group(1)) + 1
            self._depth = max(self._depth, above)
        else:
            above = 0 if _EMBEDDINGS.search(name) else self._depth
        return float(self.layer_decay ** (self._depth - above))

    def _average(self, averages: dict[Any, FloatsXd], key: KeyT, weights: FloatsXd) -> None:
        # The name under which thinc's PyTorch shim looks for its parameters in `use_params`.
        name = f"pytorch_{key[0]}_{key[1]}" if is_torch_parameter(key) else key
        steps = self.nr_update[key]
        if name not in averages:
            averages[name] = weights.copy()
        elif steps % _AVERAGE_EVERY == 0:
            count = steps // _AVERAGE_EVERY
            share = 1.0 - (1.0 + count) / (10.0 + count)
            average = averages[name]
            average *= 1.0 - share
            average += get_array_module(weights).multiply(weights, share)


def is_torch_parameter(key: KeyT) -> bool:
    """Whether a parameter belongs to a PyTorch module, by the name that thinc's shim gives it."""
    return _TORCH_SEPARATOR in str(key[1])


@registry.optimizers("bellwether.Adam.v1")
def make_adam(
    learn_rate: FloatOrSeq,
    head_scale: float = 10.0,
    layer_decay: float = 1.0,
    L2: FloatOrSeq = ADAM_DEFAULTS["L2"],
    beta1: FloatOrSeq = ADAM_DEFAULTS["beta1"],
    beta2: FloatOrSeq = ADAM_DEFAULTS["beta2"],
    eps: FloatOrSeq = ADAM_DEFAULTS["eps"],
    grad_clip: FloatOrSeq = ADAM_DEFAULTS["grad_clip"],
    L2_is_weight_decay: bool = True,
    use_averages: bool = False,
) -> GroupedAdam:
    return GroupedAdam(
        learn_rate,
        head_scale=head_scale,
        layer_decay=layer_decay,
        L2=L2,
        beta1=beta1,
        beta2=beta2,
        eps=eps,
        grad_clip=grad_clip,
        L2_is_weight_decay=L2_is_weight_decay,
        use_averages=use_averages,
    )
