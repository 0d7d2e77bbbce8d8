"""Progress bars."""

import sys
from typing import Any

from tqdm import tqdm


def progress_bar(iterable: Any = None, **settings: Any) -> "tqdm[Any]":
    """A bar of tqdm, which takes the settings; where nobody watches, as in a log file, a line now and then."""
    seconds = 0.2 if sys.stderr.isatty() else 30.0
    return tqdm(iterable, mininterval=seconds, dynamic_ncols=True, **settings)
