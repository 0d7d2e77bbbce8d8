"""When, with what and from which commit a report was made."""

import datetime
import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

PACKAGES = ("spacy", "spacy-bellwether", "spacy-transformers", "torch", "numpy", "scikit-learn", "scipy")


def git_state(folder: Path) -> tuple[str | None, bool | None]:
    """RETURNS (tuple): the commit, and whether tracked files were changed since; None outside a git checkout."""
    git = shutil.which("git")
    if git is None:
        return None, None

    def ask(*arguments: str) -> str | None:
        answer = subprocess.run([git, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        return answer.stdout.strip() if answer.returncode == 0 else None

    commit = ask("rev-parse", "HEAD")
    if commit is None:
        return None, None
    return commit, bool(ask("status", "--porcelain", "--untracked-files=no"))


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that the numbers depend on, as far as they are installed."""
    return {"python": platform.python_version(), **installed_versions(*PACKAGES)}


def installed_versions(*names: str) -> dict[str, str]:
    """The versions of those packages that are installed."""
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def now() -> str:
    """The current time, UTC, ISO 8601 to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def processor_name() -> str:
    """The processor as the system names it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def available_cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
