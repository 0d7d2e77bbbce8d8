"""Documents per core-hour, and what a million documents cost."""

from .plan import BATCH_SIZE, TOKENS
from .result import Cost, Measure, Setting

_MILLION = 1_000_000
_HOUR = 3600


def cost_of(measure: Measure, price_per_core_hour: float) -> Cost:
    """By the seconds of the processor. price_per_core_hour (float): in any currency."""
    per_hour = _HOUR * measure.rate("processor")
    hours = _MILLION / per_hour
    return Cost(round(per_hour), round(hours, 3), round(hours * price_per_core_hour, 4))


def costs(setting: Setting, price_per_core_hour: float) -> dict[str, Cost]:
    """RETURNS (dict): by contender, on texts of the headline."""
    cell = setting.cell(TOKENS, BATCH_SIZE)
    if cell is None:
        return {}
    return {name: cost_of(measure, price_per_core_hour) for name, measure in cell.measures.items()}
