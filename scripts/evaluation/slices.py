"""Scores of parts of the documents, or of the labels: by source, by length, by how often train has a label.

A head says once what it is scored on (`Measured`); the score of a part is that of the same counts over fewer rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bootstrap import Bootstrap, Counts, Statistic, sum_by_document
from .result import SliceScores, Slicing

# The most tokens of each band of lengths but the last.
LENGTHS = (15, 30, 60)
LENGTH_BANDS = ("1–15 tokens", "16–30 tokens", "31–60 tokens", "over 60 tokens")
# Rare and frequent labels, in shares of what each label would have if all were as frequent.
RARE, FREQUENT = 0.5, 2.0


@dataclass(frozen=True)
class Measured:
    """What a head is scored on, in rows: a document each, or an answer about one.

    document (Sequence[int]): the number of each row's document, as it is documents that the bootstrap draws.
    counts (dict): metric to its counts of shape (rows, …), and the score as a function of their sum.
    gold (dict): what is asked for, to the gold answers of each row.
    """

    document: Sequence[int]
    counts: dict[str, tuple[Counts, Statistic]]
    gold: dict[str, NDArray[np.int64]]

    def score(self, rows: Sequence[int], bootstrap: Bootstrap, labels: list[str] | None = None) -> SliceScores:
        """The scores of some rows. labels (list | None): where these are not all of the head."""
        document = [self.document[row] for row in rows]
        return SliceScores(
            documents=len(set(document)),
            metrics={
                metric: bootstrap.estimate(sum_by_document(counts[rows], document), statistic)
                for metric, (counts, statistic) in self.counts.items()
            },
            gold={name: int(gold[rows].sum()) for name, gold in self.gold.items()},
            labels=labels,
        )


def group(keys: Iterable[str | None], order: Sequence[str] | None = None) -> dict[str, list[int]]:
    """Key to positions, by alphabet or in a given order; what has no key is in no group. Empty where all have the same,
    as there is nothing to set apart."""
    groups: dict[str, list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        if key is not None:
            groups[key].append(position)
    names = sorted(groups) if order is None else [name for name in order if name in groups]
    return {name: groups[name] for name in names} if len(names) > 1 else {}


def length_band(tokens: int) -> str:
    """The band of a text of so many tokens; an empty one is in the first."""
    return LENGTH_BANDS[sum(tokens > most for most in LENGTHS)]


def slice_lengths(measured: Measured, tokens: Iterable[int], bootstrap: Bootstrap) -> dict[str, Slicing]:
    """Set texts apart by their length.

    tokens (Iterable[int]): of the text of each row.
    RETURNS (dict): "length", or nothing where all are in one band.
    """
    groups = group(map(length_band, tokens), LENGTH_BANDS)
    slices = {band: measured.score(rows, bootstrap) for band, rows in groups.items()}
    return {"length": Slicing("Texts by their number of tokens.", slices)} if slices else {}


def frequency_bands(labels: Sequence[str], train: Mapping[str, int]) -> dict[str, list[str]]:
    """Band to the labels that are in it, by their gold answers in train."""
    even = sum(train.get(label, 0) for label in labels) / max(1, len(labels))
    bands: dict[str, list[str]] = {"rare": [], "medium": [], "frequent": []}
    for label in labels:
        count = train.get(label, 0)
        bands["rare" if count < RARE * even else "frequent" if count > FREQUENT * even else "medium"].append(label)
    filled = {band: names for band, names in bands.items() if names}
    return filled if len(filled) > 1 else {}


def describe_bands(labels: Sequence[str], train: Mapping[str, int]) -> str:
    """What makes a label rare or frequent, in a sentence."""
    even = sum(train.get(label, 0) for label in labels) / max(1, len(labels))
    return (
        f"Labels by their gold answers in train: rare below {RARE * even:,.0f}, frequent above {FREQUENT * even:,.0f}, "
        f"half and twice of what an even spread over {len(labels)} labels would be."
    )


def label_slicing(
    slices: dict[str, SliceScores], labels: Sequence[str], train: Mapping[str, int]
) -> dict[str, Slicing]:
    """RETURNS (dict): "label_frequency", or nothing where there is one band only."""
    if not slices:
        return {}
    return {
        "label_frequency": Slicing(
            describe_bands(labels, train), slices, {label: train.get(label, 0) for label in labels}
        )
    }
