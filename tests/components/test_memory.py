"""A training gives memory back."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from spacy.util import registry

from bellwether.memory import make_trim_memory

HOLES = """
from pathlib import Path
from bellwether.memory import make_trim_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20

kept = [b"x" * 100_000 for _ in range(4000)]
full = resident()
del kept[:-1]  # the last one is on top of the heap, which so cannot shrink
hollow = resident()
trim = make_trim_memory(every=10)
trim(None, {"step": 9})
between = resident()
trim(None, {"step": 10})
print(full, hollow, between, resident())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux")
def test_free_memory_goes_back_to_the_system() -> None:
    """In a process of its own, whose heap nobody else has used."""
    run = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True)
    full, hollow, between, trimmed = map(int, run.stdout.split())
    if full - hollow > 300:
        pytest.skip("this C library gives memory back by itself")
    assert between > full - 100, "not on every step"
    assert trimmed < full - 300


def test_the_config_can_name_it() -> None:
    assert registry.callbacks.get("bellwether.trim_memory.v1") is make_trim_memory
    with pytest.raises(ValueError, match=re.escape("every must be at least 1, got 0")):
        make_trim_memory(0)
