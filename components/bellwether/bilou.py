"""The tags of a recogniser, numbered: O, then for each label B (begin), I (inside), L (last), U (unit); and which may
follow which. "Norvane Oyj in Turku" is B-ORG L-ORG O U-LOC.
"""

from functools import cache

import numpy

OUTSIDE = 0
BEGIN, INSIDE, LAST, UNIT = range(4)
ACTIONS = "BILU"


def count_tags(labels: int) -> int:
    """O, and four tags a label."""
    return first_tag(labels)


def first_tag(index: int) -> int:
    """The tag B of the label with this index; I, L, U follow."""
    return 1 + len(ACTIONS) * index


def _kinds(labels: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Of each tag: what it does (-1 for O), and the index of its label (-1 for O)."""
    tags = numpy.arange(count_tags(labels)) - 1
    outside = tags < 0
    return numpy.where(outside, -1, tags % len(ACTIONS)), numpy.where(outside, -1, tags // len(ACTIONS))


@cache
def allowed_pairs(labels: int) -> numpy.ndarray:
    """Which tag may follow which: after B or I only I or L of the same label, after others anything that begins."""
    action, label = _kinds(labels)
    open_before = ((action == BEGIN) | (action == INSIDE))[:, None]
    continues = ((action == INSIDE) | (action == LAST))[None, :]
    same = label[:, None] == label[None, :]
    return numpy.asarray((open_before & continues & same) | (~open_before & ~continues))


@cache
def allowed_starts(labels: int) -> numpy.ndarray:
    action, _ = _kinds(labels)
    return numpy.asarray((action != INSIDE) & (action != LAST))


@cache
def allowed_ends(labels: int) -> numpy.ndarray:
    action, _ = _kinds(labels)
    return numpy.asarray((action != BEGIN) & (action != INSIDE))
