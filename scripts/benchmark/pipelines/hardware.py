"""The machine: what of it matters for speed."""

import re
from pathlib import Path

from bellwether.compiled_encoder.forms import processor_flags

# Vectors and matrices in small numbers, in the words of /proc/cpuinfo.
_MATTERS = re.compile(r"avx2|avx512f|avx512_vnni|avx_vnni|avx512_bf16|avx512_fp16|amx_\w+|asimddp|i8mm|bf16|sve\w*")
_AMX = "amx_tile"
_MEMORY = Path("/proc/meminfo")


def relevant_flags() -> list[str]:
    """The instruction sets of the processor that matter here."""
    return sorted(flag for flag in processor_flags() if _MATTERS.fullmatch(flag))


def has_amx(isa: str | None = None) -> bool:
    """Whether AMX can be used. isa (str | None): the instruction sets are cut to these."""
    return _AMX in processor_flags() and (isa is None or "AMX" in isa.upper())


def memory_gb() -> float | None:
    """Of the machine; None where it is not told."""
    if not _MEMORY.exists():
        return None
    match = re.search(r"MemTotal:\s+(\d+) kB", _MEMORY.read_text(encoding="utf-8"))
    return None if match is None else round(int(match[1]) / 2**20, 1)
