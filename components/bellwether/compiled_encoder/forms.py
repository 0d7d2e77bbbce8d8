"""Forms of a compiled encoder: a runtime and a precision, such as "openvino-int8", and the best one for a processor."""

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

RuntimeName = Literal["openvino", "onnxruntime"]
Precision = Literal["fp32", "bf16", "int8"]
RUNTIMES: tuple[str, ...] = get_args(RuntimeName)
PRECISIONS: tuple[str, ...] = get_args(Precision)
AUTO = "auto"

# Instructions that multiply matrices in bfloat16, fastest first.
_AMX = "amx_bf16"
_BF16 = frozenset({_AMX, "avx512_bf16", "bf16", "svebf16"})
# Vectors and matrices in small numbers, in the words of /proc/cpuinfo.
_RELEVANT = re.compile(r"avx2|avx512f|avx512_vnni|avx_vnni|avx512_bf16|avx512_fp16|amx_\w+|asimddp|i8mm|bf16|sve\w*")
# oneDNN, of OpenVINO and PyTorch, uses no more than this says.
_ISA_LIMITS = ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")
_ISA_WITH_AMX = re.compile(r"AMX|DEFAULT|AVX10", re.IGNORECASE)
_ISA_WITH_BF16 = re.compile(r"AMX|DEFAULT|AVX10|BF16|AVX512_CORE_FP16|AVX2_VNNI_2", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """How a graph is computed. Its name is "RUNTIME-PRECISION"."""

    runtime: RuntimeName
    precision: Precision

    def __str__(self) -> str:
        return f"{self.runtime}-{self.precision}"

    @classmethod
    def parse(cls, name: str) -> "Form":
        """RAISES (ValueError): on a name that is not a form's."""
        runtime, _, precision = name.partition("-")
        if runtime not in RUNTIMES or precision not in PRECISIONS:
            raise ValueError(
                f"a form is RUNTIME-PRECISION with a runtime of {', '.join(RUNTIMES)} and a precision of "
                f"{', '.join(PRECISIONS)}, got {name!r}"
            )
        return cls(runtime, precision)  # type: ignore[arg-type]


def is_installed(runtime: str) -> bool:
    """Whether a runtime can be imported."""
    return find_spec(runtime) is not None


@cache
def processor_flags() -> frozenset[str]:
    """The instruction sets of this processor, in the words of /proc/cpuinfo; empty where there is none to read.

    Those that oneDNN was told not to use (ONEDNN_MAX_CPU_ISA) are left out.
    """
    flags: set[str] = set()
    if sys.platform == "linux":
        try:
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        # "flags" on x86, "Features" on Arm.
        found = (line.partition(":")[2] for line in lines if line.lower().startswith(("flags", "features")))
        flags = set(next(found, "").split())
    limit = next((os.environ[name] for name in _ISA_LIMITS if os.environ.get(name)), "DEFAULT")
    if not allows_amx(limit):
        flags = {flag for flag in flags if not flag.startswith("amx")}
    if not _ISA_WITH_BF16.search(limit):
        flags -= _BF16
    return frozenset(flags)


def relevant_flags() -> list[str]:
    """Those of the processor's instruction sets that say how fast a form is."""
    return sorted(flag for flag in processor_flags() if _RELEVANT.fullmatch(flag))


def allows_amx(limit: str) -> bool:
    """Whether a value of ONEDNN_MAX_CPU_ISA leaves AMX in use."""
    return _ISA_WITH_AMX.search(limit) is not None


def has_bfloat16(flags: frozenset[str] | None = None) -> bool:
    """Whether the processor multiplies matrices in bfloat16."""
    return bool(_BF16 & (processor_flags() if flags is None else flags))


def computes_in_bfloat16(form: Form) -> bool:
    """Whether a form computes in bfloat16 what it has in floats."""
    return form.precision == "bf16" or (form.precision == "int8" and has_bfloat16())


def rank_forms(forms: Iterable[Form], flags: frozenset[str] | None = None) -> list[Form]:
    """The forms that this processor can be served by, the best one first.

    With AMX, bfloat16 is about as fast as int8 and closer to what was trained. Without, int8 is the fastest by far.
    bfloat16 is left out where the processor would have to imitate it.
    flags (frozenset | None): of a processor; None: of this one.
    """
    flags = processor_flags() if flags is None else flags
    if _AMX in flags:
        order = ["bf16", "int8", "fp32"]
    elif has_bfloat16(flags):
        order = ["int8", "bf16", "fp32"]
    else:
        order = ["int8", "fp32"]
    usable = [form for form in forms if form.precision in order]
    return sorted(usable, key=lambda form: (order.index(form.precision), RUNTIMES.index(form.runtime)))


def choose_form(
    forms: Iterable[Form], *, runtime: str = AUTO, precision: str = AUTO, flags: frozenset[str] | None = None
) -> Form:
    """The form to load: the best one for the processor whose runtime is installed, or what was asked for.

    forms: those that there are.
    runtime (str), precision (str): fix one or both; "auto" leaves the choice.
    RAISES (ValueError): where no form is left; the message says which there are.
    """
    known = list(forms)
    for option, value, values in (("runtime", runtime, RUNTIMES), ("precision", precision, PRECISIONS)):
        if value not in (AUTO, *values):
            raise ValueError(f"compiled_encoder: {option} must be one of auto, {', '.join(values)}, got {value!r}")
    wanted = [form for form in known if runtime in (AUTO, form.runtime) and precision in (AUTO, form.precision)]
    if not wanted:
        asked = " and ".join(f"{key} {value}" for key, value in (("runtime", runtime), ("precision", precision)))
        there = ", ".join(map(str, known)) or "none"
        raise ValueError(f"compiled_encoder: the pipeline has no form with {asked}; it has {there}")
    installed = [form for form in wanted if is_installed(form.runtime)]
    if not installed:
        missing = " or ".join(sorted({form.runtime for form in wanted}))
        raise ValueError(f"compiled_encoder: its runtime is not installed: pip install {missing}")
    ranked = rank_forms(installed, flags)
    # Whoever asks for bfloat16 on a processor without it gets it, slowly.
    return ranked[0] if ranked else installed[0]
