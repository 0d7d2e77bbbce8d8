"""The machine: its matrices and its memory."""

import re
from pathlib import Path

from bellwether.compiled_encoder.forms import allows_amx, processor_flags

_AMX = "amx_tile"
_MEMORY = Path("/proc/meminfo")


def has_amx(isa: str | None = None) -> bool:
    """Whether AMX can be used. isa (str | None): the instruction sets are cut to these."""
    return _AMX in processor_flags() and (isa is None or allows_amx(isa))


def memory_gb() -> float | None:
    """Of the machine; None where it is not told."""
    if not _MEMORY.exists():
        return None
    match = re.search(r"MemTotal:\s+(\d+) kB", _MEMORY.read_text(encoding="utf-8"))
    return None if match is None else round(int(match[1]) / 2**20, 1)
