"""`python -m service` as a process of its own, and what it imports."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("BELLWETHER_")}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_names_every_option() -> None:
    result = run("-m", "service", "--help")
    assert result.returncode == 0
    for option in ("--pipeline", "--host", "--port", "--log-level", "--threads", "--max-texts", "--max-body-bytes"):
        assert option in result.stdout


def test_a_missing_pipeline_ends_in_one_line() -> None:
    result = run("-m", "service", "--pipeline", "en_none_such")
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "no pipeline 'en_none_such'" in line
    assert "pip install" in line
    assert "--pipeline training/model-best" in line


def test_a_pipeline_that_does_not_load_ends_the_process(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 'none such'\n", encoding="utf-8")
    result = run("-m", "service", "--pipeline", str(tmp_path), "--port", "0")
    assert result.returncode == 1
    assert "does not load" in result.stderr


def test_bad_settings_end_in_a_line_each() -> None:
    result = run("-m", "service", "--port", "x", BELLWETHER_MAX_TEXTS="0")
    assert result.returncode == 2
    port, max_texts = result.stderr.splitlines()
    assert port.startswith("--port or BELLWETHER_PORT: ")
    assert port.endswith("got 'x'")
    assert max_texts.startswith("--max-texts or BELLWETHER_MAX_TEXTS: ")


def test_it_serves_until_interrupted(
    plain_pipeline_path: Path, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "--pipeline", str(plain_pipeline_path), "--port", "0"],
        cwd=ROOT,
        env={**ENVIRONMENT, "BELLWETHER_MAX_TEXTS": "3", "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stderr is not None
        address = None
        lines = []
        while address is None:
            lines.append(process.stderr.readline())
            assert lines[-1], "".join(lines)
            address = re.search(r"http://127\.0\.0\.1:\d+", lines[-1])
        with httpx.Client(base_url=address[0], timeout=30, trust_env=False) as client:
            wait_until(lambda: client.get("/health").status_code == 200)
            assert client.get("/health").json()["limits"]["max_texts"] == 3
            response = client.post("/v1/analyze", json={"text": "Northmoor Systems paid $4.2bn"})
            (document,) = response.json()["documents"]
            assert [entity["label"] for entity in document["entities"]] == ["ORG", "MONEY"]
            assert document["classifications"] == {}
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Ready: en_stand_in 1.2.3" in "".join(lines) + rest
        assert "Traceback" not in rest
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("module", ["service.app", "service.__main__"])
def test_importing_needs_no_torch_and_no_scripts(module: str) -> None:
    code = (
        "import sys; sys.modules['torch'] = None; sys.modules['transformers'] = None\n"
        f"import {module}\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'scripts']\n"
        "assert not [name for name in sys.modules if name.startswith(('torch.', 'spacy_transformers'))]\n"
    )
    result = run("-c", code)
    assert result.returncode == 0, result.stderr
