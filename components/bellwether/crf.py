"""Exact inference in linear-chain conditional random fields, vectorised over the batch, with numpy or CuPy.

A sequence of T tokens has emissions (T, K), one score for each of K tags; transitions (K, K) score a tag after another,
`start` (K,) and `end` (K,) the first and the last. A path's score is the sum along it; `-inf` forbids. Sequences of
different length share one array, padded at the end.

Forward and backward messages are probabilities, normalised at every token, so that one step for the whole batch is one
matrix product (Rabiner 1989, "A tutorial on hidden Markov models", section V.A, with potentials in the place of
probabilities). In float64 a tag may be e^700 times as unlikely as the best one at its token.

`allowed` (batch, T, K) leaves only some tags at some tokens. The difference of two log partitions, all paths and the
paths that the gold allows, is the loss of training with partial labels (Täckström et al. 2013, "Token and type
constraints for cross-lingual part-of-speech tagging", marginal likelihood of an ambiguous labelling).
"""

from dataclasses import dataclass
from typing import Any

import numpy

Array = Any
"""A numpy or CuPy array."""


@dataclass(frozen=True)
class Chain:
    """What scores a sequence of tags beside the emissions, in float64: transitions (K, K), start (K,), end (K,)."""

    transitions: Array
    start: Array
    end: Array


@dataclass(frozen=True)
class Posterior:
    """The distribution over paths of each sequence of a batch.

    log_partition (batch,): the log of the summed potentials of all paths; -inf where no path is allowed.
    marginals (batch, T, K): probability of each tag at each token; zero at padding.
    pairs (K, K): expected number of transitions, summed over the batch.
    firsts, lasts (K,): expected number of first and last tags.
    forward, backward (batch, T, K), step (batch, T, K): messages, and the normalised potential of each token, from
        which `span_probability` reads.
    weights (K, K): potentials of the transitions.
    """

    log_partition: Array
    marginals: Array
    pairs: Array
    firsts: Array
    lasts: Array
    forward: Array
    backward: Array
    step: Array
    weights: Array

    def path_probability(self, row: int, start: int, tags: list[int]) -> float:
        """Probability that the tokens from `start` on have these tags, whatever the others have."""
        probability = self.forward[row, start, tags[0]] * self.backward[row, start + len(tags) - 1, tags[-1]]
        for offset in range(1, len(tags)):
            before, tag = tags[offset - 1], tags[offset]
            probability = probability * self.weights[before, tag] * self.step[row, start + offset, tag]
        return min(1.0, float(probability))


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
    batch, length, _ = emissions.shape
    scores = emissions if allowed is None else xp.where(allowed, emissions, -xp.inf)
    highest = scores.max(axis=2, keepdims=True)
    highest = xp.where(xp.isfinite(highest), highest, 0.0)
    potentials = xp.exp(scores - highest)
    weights, first, last = xp.exp(chain.transitions), xp.exp(chain.start), xp.exp(chain.end)

    forward = xp.zeros_like(potentials)
    norms = xp.ones((batch, length), dtype=potentials.dtype)
    message = potentials[:, 0] * first
    for position in range(length):
        if position:
            message = (forward[:, position - 1] @ weights) * potentials[:, position]
        norm = message.sum(axis=1)
        here = present[:, position]
        norms[:, position] = xp.where(here, norm, 1.0)
        scaled = message / xp.where(norm > 0.0, norm, 1.0)[:, None]
        forward[:, position] = xp.where(here[:, None], scaled, forward[:, max(0, position - 1)])
    total = forward[:, -1] @ last
    with numpy.errstate(divide="ignore"):
        log_partition = xp.log(norms).sum(axis=1) + (highest[:, :, 0] * present).sum(axis=1) + xp.log(total)

    safe_norms = xp.where(norms > 0.0, norms, 1.0)
    step = potentials / safe_norms[:, :, None]
    backward = xp.zeros_like(potentials)
    backward[:, -1] = last / xp.where(total > 0.0, total, 1.0)[:, None]
    for position in range(length - 1, 0, -1):
        message = (step[:, position] * backward[:, position]) @ weights.T
        backward[:, position - 1] = xp.where(present[:, position, None], message, backward[:, position])
    possible = xp.isfinite(log_partition)
    marginals = forward * backward * (present & possible[:, None])[:, :, None]

    if length > 1:
        follows = (present[:, 1:] & possible[:, None])[:, :, None]
        before = (forward[:, :-1] * follows).reshape(batch * (length - 1), -1)
        after = (step[:, 1:] * backward[:, 1:] * follows).reshape(batch * (length - 1), -1)
        pairs = (before.T @ after) * weights
    else:
        pairs = xp.zeros_like(weights)
    ends = present.sum(axis=1) - 1
    lasts = marginals[xp.arange(batch), ends].sum(axis=0)
    return Posterior(
        log_partition, marginals, pairs, marginals[:, 0].sum(axis=0), lasts, forward, backward, step, weights
    )


def best_paths(emissions: Array, present: Array, chain: Chain, xp: Any = numpy) -> list[list[int]]:
    """The most likely path of each sequence (Viterbi).

    RETURNS (list): tags, as many as the sequence has tokens.
    """
    batch, length, count = emissions.shape
    origins = xp.zeros((batch, length, count), dtype="int32")
    score = emissions[:, 0] + chain.start
    for position in range(1, length):
        candidates = score[:, :, None] + chain.transitions[None]
        origins[:, position] = candidates.argmax(axis=1)
        reached = candidates.max(axis=1) + emissions[:, position]
        score = xp.where(present[:, position, None], reached, score)
    tag = (score + chain.end).argmax(axis=1)
    path = xp.zeros((batch, length), dtype="int32")
    for position in range(length - 1, -1, -1):
        path[:, position] = tag
        if position:
            previous = origins[xp.arange(batch), position, tag]
            tag = xp.where(present[:, position], previous, tag)
    lengths = present.sum(axis=1).tolist()
    return [row[:size] for row, size in zip(path.tolist(), lengths, strict=True)]
