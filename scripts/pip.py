"""Calling the pip of the running Python."""

import subprocess
import sys


def run_pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `pip ARGUMENTS`, its output captured; the caller looks at `returncode`."""
    return subprocess.run([sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, check=False)
