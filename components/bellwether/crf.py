"""Exact inference in linear-chain conditional random fields, vectorised over the batch, with numpy or CuPy.

A sequence of T tokens has emissions (T, K), one score for each of K tags; transitions (K, K) score a tag after another,
`start` (K,) and `end` (K,) the first and the last. A path's score is the sum along it; `-inf` forbids. Sequences of
different length share one array, padded at the end.

Inside, tokens come first and sequences from the longest to the shortest, so that those which still have a token at a
position are a leading slice. Forward and backward messages are products of potentials, normalised as often as float64
needs, so that one step for the whole batch is one matrix product (Rabiner 1989, "A tutorial on hidden Markov models",
section V.A, with potentials in the place of probabilities). A tag may be e^700 times as unlikely as the best one at its
token.

`allowed` (batch, T, K) leaves only some tags at some tokens. The difference of two log partitions, all paths and the
paths that the gold allows, is the loss of training with partial labels (Täckström et al. 2013, "Token and type
constraints for cross-lingual part-of-speech tagging", marginal likelihood of an ambiguous labelling).
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy

Array = Any
"""A numpy or CuPy array."""

# float64 holds exp(-700) to exp(700); forward and backward messages together stay within.
_SAFE_EXPONENT = 300.0
# The smallest float64: an impossible token divides by it, and 0 stays 0.
_TINY = float(numpy.nextafter(0.0, 1.0))


@dataclass(frozen=True)
class Chain:
    """What scores a sequence of tags beside the emissions, in float64: transitions (K, K), start (K,), end (K,)."""

    transitions: Array
    start: Array
    end: Array

    def at(self, temperature: float) -> "Chain":
        """The scores divided by a temperature."""
        return Chain(self.transitions / temperature, self.start / temperature, self.end / temperature)


class _Order:
    """Sequences from the longest to the shortest.

    order (batch,): the row that is at each place; place: the inverse. places (batch,): 0, 1, 2, …
    last (batch,): the last token at each place.
    active (List[int]): how many sequences have a token at each position.
    """

    def __init__(self, present: Array, xp: Any) -> None:
        lengths = present.sum(axis=1)
        self.order = xp.argsort(-lengths, kind="stable")
        self.place = xp.argsort(self.order, kind="stable")
        self.places = xp.arange(len(lengths))
        self.last = lengths[self.order] - 1
        self.active: list[int] = present.sum(axis=0).tolist()

    def turn(self, array: Array, xp: Any) -> Array:
        """(batch, T, K) to (T, places, K)."""
        return xp.ascontiguousarray(array.transpose(1, 0, 2)[:, self.order])

    def turn_back(self, array: Array) -> Array:
        return array[:, self.place].transpose(1, 0, 2)


@dataclass(frozen=True)
class Posterior:
    """The distribution over paths of each sequence of a batch.

    log_partition (batch,): the log of the summed potentials of all paths; -inf where no path is allowed.
    forward, backward, step (T, places, K): messages, and the normalised potential of each token; places: see `_Order`.
    weights (K, K): potentials of the transitions.
    possible (places,): whether any path is allowed.
    """

    log_partition: Array
    forward: Array
    backward: Array
    step: Array
    weights: Array
    possible: Array
    order: _Order

    def path_probability(self, row: int, start: int, tags: list[int]) -> float:
        """Probability that the tokens from `start` on have these tags, whatever the others have."""
        place = int(self.order.place[row])
        probability = self.forward[start, place, tags[0]] * self.backward[start + len(tags) - 1, place, tags[-1]]
        for offset in range(1, len(tags)):
            before, tag = tags[offset - 1], tags[offset]
            probability = probability * self.weights[before, tag] * self.step[start + offset, place, tag]
        return min(1.0, float(probability))

    @property
    def marginals(self) -> Array:
        """(batch, T, K): probability of each tag at each token; zero at padding."""
        return self.order.turn_back(self._shares)

    @property
    def pairs(self) -> Array:
        """(K, K): expected number of transitions, summed over the batch."""
        tags = len(self.weights)
        before = (self.forward[:-1] * self.possible[:, None]).reshape(-1, tags)
        after = (self.step[1:] * self.backward[1:]).reshape(-1, tags)
        return (before.T @ after) * self.weights

    @property
    def firsts(self) -> Array:
        """(K,): expected number of first tags."""
        return self._shares[0].sum(axis=0)

    @property
    def lasts(self) -> Array:
        """(K,): expected number of last tags."""
        return self._shares[self.order.last, self.order.places].sum(axis=0)

    @cached_property
    def _shares(self) -> Array:
        return self.forward * self.backward * self.possible[:, None]


def pad(sequences: list[Array], xp: Any = numpy, dtype: str = "float64") -> tuple[Array, Array]:
    """Stack sequences (T, K) of different length.

    RETURNS (tuple): the batch (batch, longest, K), and which of its tokens are none of padding (batch, longest).
    """
    lengths = [len(sequence) for sequence in sequences]
    batch = xp.zeros((len(sequences), max(lengths), sequences[0].shape[1]), dtype=dtype)
    for row, sequence in enumerate(sequences):
        batch[row, : lengths[row]] = sequence
    return batch, xp.arange(batch.shape[1])[None, :] < xp.asarray(lengths)[:, None]


def infer(emissions: Array, present: Array, chain: Chain, allowed: Array | None = None, xp: Any = numpy) -> Posterior:
    """Forward-backward.

    emissions (batch, T, K): scores. present (batch, T): False at padding; every sequence has a token.
    allowed (batch, T, K) | None: the tags that a path may take.
    """
    order = _Order(present, xp)
    scores = order.turn(emissions if allowed is None else xp.where(allowed, emissions, -xp.inf), xp)
    highest = scores.max(axis=2)
    highest = xp.where(xp.isfinite(highest), highest, 0.0)
    potentials = xp.exp(scores - highest[:, :, None])
    weights, first, last = xp.exp(chain.transitions), xp.exp(chain.start), xp.exp(chain.end)

    every = _steps_between_norms(potentials, weights, xp)
    forward = xp.zeros_like(potentials)
    norms = xp.ones_like(highest)
    for position, count in enumerate(order.active):
        message = forward[position, :count]
        if position:
            xp.matmul(forward[position - 1, :count], weights, out=message)
            message *= potentials[position, :count]
        else:
            xp.multiply(potentials[0], first, out=message)
        if position % every == 0:
            norms[position, :count] = norm = message.sum(axis=1)
            message /= xp.maximum(norm, _TINY)[:, None]
    total = forward[order.last, order.places] @ last
    counted = xp.arange(len(order.active))[:, None] <= order.last
    with numpy.errstate(divide="ignore"):
        log_partition = xp.log(norms).sum(axis=0) + (highest * counted).sum(axis=0) + xp.log(total)

    step = potentials / xp.where(norms > 0.0, norms, 1.0)[:, :, None]
    backward = xp.zeros_like(potentials)
    backward[order.last, order.places] = last / xp.where(total > 0.0, total, 1.0)[:, None]
    after = xp.ascontiguousarray(weights.T)
    for position in range(len(order.active) - 1, 0, -1):
        count = order.active[position]
        message = step[position, :count] * backward[position, :count]
        xp.matmul(message, after, out=backward[position - 1, :count])
    possible = xp.isfinite(log_partition)
    return Posterior(log_partition[order.place], forward, backward, step, weights, possible, order)


def _steps_between_norms(potentials: Array, weights: Array, xp: Any) -> int:
    """How many steps a message can go before it must be brought back to a sum of 1: in a step, what is possible changes
    by the potential of a token (1 at most), by that of a transition, and by a sum over tags."""
    possible = [xp.where(array > 0.0, array, 1.0) for array in (potentials, weights)]
    extremes = [float(bound) for array in possible for bound in (array.min(), array.max())]
    change = math.log(len(weights)) + sum(abs(math.log(extreme)) for extreme in extremes)
    return max(1, int(_SAFE_EXPONENT / max(change, 1.0)))


def best_paths(emissions: Array, present: Array, chain: Chain, xp: Any = numpy) -> list[list[int]]:
    """The most likely path of each sequence (Viterbi).

    RETURNS (list): tags, as many as the sequence has tokens.
    """
    order = _Order(present, xp)
    scores = order.turn(emissions, xp)
    scores[0] += chain.start
    into = xp.ascontiguousarray(chain.transitions.T)
    for position, count in enumerate(order.active[1:], start=1):
        scores[position, :count] += (scores[position - 1, :count, None] + into).max(axis=2)
    # Where the best path came from is asked only of the tags that are on it.
    path = xp.zeros(scores.shape[:2], dtype="int64")
    tag = (scores[order.last, order.places] + chain.end).argmax(axis=1)
    for position in range(len(order.active) - 1, -1, -1):
        path[position] = tag
        if position:
            count = order.active[position]
            tag[:count] = (scores[position - 1, :count] + into[tag[:count]]).argmax(axis=1)
    rows = path[:, order.place].T.tolist()
    lengths = present.sum(axis=1).tolist()
    return [row[:size] for row, size in zip(rows, lengths, strict=True)]
