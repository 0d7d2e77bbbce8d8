"""A process as it is where some packages are not installed: spaCy and thinc import PyTorch wherever it is."""

import sys
from collections.abc import Iterable
from importlib.metadata import EntryPoints
from typing import Any

import catalogue  # type: ignore[import-untyped]


def hide(packages: Iterable[str]) -> None:
    """Make packages impossible to import, and their entry points unknown; before anything imports them."""
    hidden = set(packages)
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(hidden))  # None: it cannot be imported
    found = catalogue.AVAILABLE_ENTRY_POINTS
    points = [point for group in found.groups for point in found.select(group=group)]
    kept = [point for point in points if point.module.partition(".")[0] not in hidden]
    catalogue.AVAILABLE_ENTRY_POINTS = EntryPoints(kept)
