"""What a tool is: something that reads values from a sentence."""

import datetime
import importlib
from abc import ABC, abstractmethod
from decimal import Decimal
from importlib import metadata
from typing import Any, ClassVar

from bellwether.values import Value

from ..sentences import Sentence

# One expression as a tool reads it: the value, or the values that it leaves open ("Monday": the last, the next).
Reading = tuple[Value, ...]

REQUIREMENTS = "requirements-benchmark.txt"
# Given to tools that need a day where the sentence has none: no reading then depends on when the benchmark runs.
NO_DAY = datetime.date(2030, 1, 1)
# A float of a library says no more than this; 3.205 - 0.105 is meant to be 3.1.
_FLOAT_DIGITS = 12


def install_hint() -> str:
    return f"pip install -r {REQUIREMENTS}"


class ToolMissing(Exception):
    """A library is not installed, or does not import."""


class Tool(ABC):
    """One of the tools that are compared.

    name (str): what it is called in options and reports.
    distributions (tuple[str, ...]): the packages whose versions matter.
    labels (tuple[str, ...]): what it claims to read, and is scored on.
    how (str): how it is called and how its output is read, for the report.
    """

    name: ClassVar[str]
    distributions: ClassVar[tuple[str, ...]]
    labels: tuple[str, ...]
    how: ClassVar[str]

    def prepare(self, sentence: Sentence) -> Any:
        """What `run` is given; not timed."""
        return sentence

    @abstractmethod
    def run(self, prepared: Any) -> Any:
        """Read a sentence; timed. RETURNS (Any): what the library returns."""

    @abstractmethod
    def readings(self, raw: Any) -> list[Reading]:
        """What `run` returned, as values; not timed."""

    def read(self, sentence: Sentence) -> list[Reading]:
        """RETURNS (list[Reading]): the readings of a sentence."""
        return self.readings(self.run(self.prepare(sentence)))

    @classmethod
    def versions(cls) -> dict[str, str]:
        """RETURNS (dict[str, str]): the installed versions of `distributions`.

        RAISES (ToolMissing): one is not installed.
        """
        found = {}
        for name in cls.distributions:
            try:
                found[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                raise ToolMissing(f"{cls.name}: the package '{name}' is not installed") from None
        return found


def import_library(tool: str, module: str) -> Any:
    """Import a module of a library.

    RAISES (ToolMissing): with the reason.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ToolMissing(f"{tool}: '{module}' cannot be imported ({error})") from error


def decimal_of(number: float) -> Decimal:
    """A float as the decimal number that was meant."""
    return Decimal(f"{number:.{_FLOAT_DIGITS}g}")
