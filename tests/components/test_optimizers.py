"""`bellwether.Adam.v1`: Adam's steps, as long as `head_scale` says outside PyTorch and as `learn_rate` says inside."""

import numpy
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from spacy.util import registry
from thinc.api import Adam, Linear, Optimizer, PyTorchWrapper, chain

from bellwether.optimizers import GroupedAdam, is_torch_parameter, make_adam

RATE = 0.001
ENCODER, HEAD = "encoder.layer.3.output.dense.weight", "W"
SETTINGS = {"L2": 0.01, "grad_clip": 1.0, "L2_is_weight_decay": True, "use_averages": False}


def walk(optimizer: Optimizer, name: str, steps: int = 4) -> numpy.ndarray:
    """Where some weights are after a few steps."""
    random = numpy.random.default_rng(0)
    weights = random.normal(size=(3, 2)).astype("f")
    for _ in range(steps):
        weights, gradient = optimizer((7, name), weights, random.normal(size=(3, 2)).astype("f"))
        assert_array_equal(gradient, 0.0)
        optimizer.step_schedules()
    return weights


@pytest.mark.parametrize(("name", "is_torch"), [(ENCODER, True), ("0.weight", True), ("W", False), ("b", False)])
def test_a_dot_in_the_name_marks_pytorch(name, is_torch):
    assert is_torch_parameter((1, name)) is is_torch


@pytest.mark.parametrize(("name", "scale"), [(ENCODER, 1.0), (HEAD, 10.0)])
@pytest.mark.parametrize("settings", [SETTINGS, SETTINGS | {"L2_is_weight_decay": False}, SETTINGS | {"L2": 0.0}])
def test_steps_are_those_of_adam_at_the_rate_of_the_group(name, scale, settings):
    grouped = make_adam(RATE, head_scale=10.0, **settings)
    assert_allclose(walk(grouped, name), walk(Adam(RATE * scale, **settings), name), rtol=1e-5)


@pytest.mark.parametrize("name", [ENCODER, HEAD])
def test_scale_one_is_adam(name):
    grouped, adam = make_adam(RATE, head_scale=1.0, **SETTINGS), Adam(RATE, **SETTINGS)
    assert_array_equal(walk(grouped, name), walk(adam, name))
    assert grouped.averages is None


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("encoder.layer.5.output.dense.weight", 1.0),
        ("encoder.layer.4.output.dense.weight", 0.5),
        ("encoder.layer.0.attention.self.query.bias", 0.5**5),
        ("embeddings.word_embeddings.weight", 0.5**6),
        ("pooler.dense.weight", 1.0),
        (HEAD, 3.0),
    ],
)
def test_lower_layers_move_less(name, scale):
    optimizer = make_adam(RATE, head_scale=3.0, layer_decay=0.5)
    assert optimizer.scale("embeddings.word_embeddings.weight") == 1.0  # no layer has come by
    for layer in range(6):
        optimizer.scale(f"encoder.layer.{layer}.output.dense.weight")
    assert optimizer.scale(name) == pytest.approx(scale)


@pytest.mark.parametrize("layer_decay", [0.0, -0.5, 1.1, float("nan")])
def test_a_decay_that_would_stop_or_reverse_is_refused(layer_decay):
    with pytest.raises(ValueError, match=r"bellwether\.Adam\.v1: layer_decay must be above 0 and at most 1, got"):
        make_adam(RATE, layer_decay=layer_decay)


def test_averages_follow_the_weights_and_use_params_puts_them_into_pytorch_and_back():
    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 4))
    head = Linear(2)
    model = chain(PyTorchWrapper(module), head)
    inputs = numpy.ones((5, 3), dtype="f")
    model.initialize(X=inputs, Y=numpy.ones((5, 2), dtype="f"))
    optimizer = make_adam(0.01, head_scale=1.0, L2=0.0, use_averages=True)
    seen = []
    for _ in range(80):
        _, backprop = model.begin_update(inputs)
        backprop(numpy.ones((5, 2), dtype="f"))
        model.finish_update(optimizer)
        seen.append(module[0].bias.detach().numpy().copy())
    last_bias, last_b = seen[-1], head.get_param("b").copy()
    with model.use_params(optimizer.averages):
        average, average_b = module[0].bias.detach().numpy().copy(), head.get_param("b").copy()
    assert_array_equal(module[0].bias.detach().numpy(), last_bias)
    assert_array_equal(head.get_param("b"), last_b)
    # All move in one direction, so an average of the last tenth or so lies a little behind.
    assert numpy.all((average - seen[0]) / (last_bias - seen[0]) > 0.5)
    assert numpy.all((average - seen[0]) / (last_bias - seen[0]) < 0.99)
    assert not numpy.array_equal(average_b, last_b)


def test_scale_multiplies_a_schedule_and_the_scale_of_a_call():
    rates = [0.001, 0.004, 0.002]
    grouped = make_adam(rates, head_scale=5.0, **SETTINGS)
    assert_allclose(walk(grouped, HEAD), walk(Adam([5 * rate for rate in rates], **SETTINGS), HEAD), rtol=1e-5)
    start, ones = numpy.zeros(2, dtype="f"), numpy.ones(2, dtype="f")
    moved, _ = make_adam(RATE, head_scale=5.0, grad_clip=0.0)((1, HEAD), start, ones, lr_scale=0.5)
    assert_allclose(moved, -2.5 * RATE, rtol=1e-3)


def test_encoder_and_head_of_one_model_move_at_their_own_rates():
    module = torch.nn.Sequential(torch.nn.Linear(3, 4))
    head = Linear(2)
    model = chain(PyTorchWrapper(module), head)
    inputs = numpy.ones((5, 3), dtype="f")
    model.initialize(X=inputs, Y=numpy.ones((5, 2), dtype="f"))
    before = module[0].bias.detach().numpy().copy(), head.get_param("b").copy()
    _, backprop = model.begin_update(inputs)
    backprop(numpy.ones((5, 2), dtype="f"))
    model.finish_update(make_adam(RATE, head_scale=6.0, L2=0.0))
    # The first step of Adam is as long as its rate, whatever the gradient.
    assert_allclose(abs(module[0].bias.detach().numpy() - before[0]), RATE, rtol=1e-3)
    assert_allclose(abs(head.get_param("b") - before[1]), 6 * RATE, rtol=1e-3)


@pytest.mark.parametrize("head_scale", [0.0, -1.0, float("nan")])
def test_a_scale_that_would_not_learn_is_refused(head_scale):
    with pytest.raises(ValueError, match=r"bellwether\.Adam\.v1: head_scale must be above 0, got"):
        GroupedAdam(RATE, head_scale=head_scale)


def test_a_config_names_it():
    schedule = {"@schedules": "warmup_linear.v1", "warmup_steps": 2, "total_steps": 4, "initial_rate": RATE}
    config = {"optimizer": {"@optimizers": "bellwether.Adam.v1", "learn_rate": schedule, "head_scale": 6.0}}
    optimizer = registry.resolve(config)["optimizer"]
    assert isinstance(optimizer, GroupedAdam)
    assert optimizer.head_scale == 6.0
    assert optimizer.learn_rate == 0.0
    optimizer.step_schedules()
    assert optimizer.learn_rate == pytest.approx(RATE / 2)
