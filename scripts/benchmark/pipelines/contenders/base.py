"""What a contender that is loaded can do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

# Does the work that is timed.
Job = Callable[[], object]


@dataclass(frozen=True)
class About:
    """What was loaded.

    versions (dict): by package. components (list): of a pipeline. form (str | None): runtime and precision.
    """

    versions: dict[str, str]
    components: list[str] = field(default_factory=list)
    form: str | None = None


class Opened(Protocol):
    """A loaded contender. What it prepares is not timed."""

    def about(self) -> About:
        """What was loaded."""
        ...

    def reading(self, texts: Sequence[str], batch_size: int) -> Job:
        """RETURNS (Job): reads the texts in batches."""
        ...

    def reading_one(self, text: str) -> Job:
        """RETURNS (Job): reads one text as it would be read if no other were there."""
        ...
