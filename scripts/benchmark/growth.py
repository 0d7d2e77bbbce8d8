"""How time grows with size."""

from collections.abc import Sequence

import numpy as np


def fit_power(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The exponent of the power law that fits the times best: 1 is linear, 2 is quadratic. 1 for less than two."""
    if len(sizes) < 2:
        return 1.0
    slope, _ = np.polyfit(np.log(sizes), np.log(times), 1)
    return float(slope)
