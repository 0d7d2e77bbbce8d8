"""`bellwether.Adam.v1`: Adam with one learning rate for a pretrained PyTorch encoder and another for the heads on it.

A head starts from nothing and needs steps ten times as large as a pretrained encoder bears. With one rate for all,
either the heads learn too slowly or the first, large gradients of the recogniser wreck the encoder before the
classifiers can use it.
"""

from typing import Any

from thinc.config import registry
from thinc.optimizers import ADAM_DEFAULTS, FloatOrSeq, KeyT, Optimizer
from thinc.types import FloatsXd

# Names of thinc parameters have no dot ("W", "b"); those of a PyTorch module say where they are
# ("encoder.layer.3.output.dense.weight").
_TORCH_SEPARATOR = "."


class GroupedAdam(Optimizer):
    """Adam that multiplies the learning rate of every parameter outside PyTorch modules by `head_scale`.

    learn_rate (float | schedule): of the encoder.
    head_scale (float): the heads' rate as a multiple of it.
    The others as in `thinc.api.Adam`.
    """

    __slots__ = ("head_scale",)

    def __init__(self, learn_rate: FloatOrSeq, *, head_scale: float, **settings: Any) -> None:
        super().__init__(learn_rate, **settings)
        if not head_scale > 0.0:
            raise ValueError(f"bellwether.Adam.v1: head_scale must be above 0, got {head_scale!r}")
        self.head_scale = head_scale

    def __call__(
        self, key: KeyT, weights: FloatsXd, gradient: FloatsXd, *, lr_scale: float = 1.0
    ) -> tuple[FloatsXd, FloatsXd]:
        if not is_torch_parameter(key):
            lr_scale *= self.head_scale
        updated: tuple[FloatsXd, FloatsXd] = super().__call__(key, weights, gradient, lr_scale=lr_scale)
        return updated


def is_torch_parameter(key: KeyT) -> bool:
    """Whether a parameter belongs to a PyTorch module, by the name that thinc's shim gives it."""
    return _TORCH_SEPARATOR in str(key[1])


@registry.optimizers("bellwether.Adam.v1")
def make_adam(
    learn_rate: FloatOrSeq,
    head_scale: float = 10.0,
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
        L2=L2,
        beta1=beta1,
        beta2=beta2,
        eps=eps,
        grad_clip=grad_clip,
        L2_is_weight_decay=L2_is_weight_decay,
        use_averages=use_averages,
    )
