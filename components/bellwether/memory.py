"""`bellwether.trim_memory.v1`: a training gives back the memory that it does not use.

Batches of ever other shapes leave holes in the heap, which the C library keeps for later: 700 MB after 36 batches of
2,048 word pieces, while what is in use stays the same.
"""

import ctypes
from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.util import registry


@registry.callbacks("bellwether.trim_memory.v1")
def make_trim_memory(every: int = 20) -> Callable[[Language, dict[str, Any]], None]:
    """For `training.before_update`: give the free pages of the heap back to the system.

    every (int): once in so many steps.
    RAISES (ValueError): on less than 1.
    """
    if every < 1:
        raise ValueError(f"bellwether.trim_memory.v1: every must be at least 1, got {every!r}")

    trim = _find_trim()

    def before_update(nlp: Language, state: dict[str, Any]) -> None:
        if trim is not None and state["step"] % every == 0:
            trim(0)

    return before_update


def _find_trim() -> Callable[[int], int] | None:
    """Only glibc (Linux) can; with other C libraries nothing happens."""
    try:
        trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    except (OSError, TypeError):  # Windows has no such handle
        return None
    return trim
