"""The main job on a copy of the checkout, with a tiny encoder.

Every step runs, a second run skips them all, and the wheels install in a fresh virtual environment, where three lines
of Python analyse a text that nobody has seen.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import srsly

pytestmark = pytest.mark.end_to_end
ROOT = Path(__file__).parent.parent.parent
STEPS = srsly.read_yaml(ROOT / "project.yml")["workflows"]["all"]
TEXT = "Quillfeather Holdings plc paid EUR 13.1 mn for a 40% stake."

ANALYSE = f"""
import json, spacy
nlp = spacy.load("PIPELINE", config=SETTINGS)
doc = nlp({TEXT!r})
entities = [[ent.text, ent.label_, ent._.value and ent._.value.to_json()] for ent in doc.ents]
print(json.dumps([entities, doc._.sentiment, doc._.category, nlp.meta]))
"""


def analyse(python: Path, pipeline: str, folder: Path, **settings: str) -> list[Any]:
    """What a pipeline that is installed there says of the text: entities, sentiment, category, and its meta."""
    config = {f"components.compiled_encoder.{key}": value for key, value in settings.items()}
    program = ANALYSE.replace("PIPELINE", pipeline).replace("SETTINGS", repr(config))
    found: list[Any] = json.loads(run([str(python), "-W", "ignore", "-c", program], folder))
    return found


def run(command: list[str], cwd: Path, **environment: str) -> str:
    """Run a command; on failure show what it printed."""
    result = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-6000:]
    return re.sub(r"\x1b\[[0-9;]*m", "", result.stdout)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tracked and new files of this checkout, without what was built here."""
    copy = tmp_path_factory.mktemp("project")
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def first_run(project: Path, tiny_encoder: Path) -> str:
    return run_all(project, tiny_encoder)


def run_all(project: Path, encoder: Path) -> str:
    return run(run_all_command(encoder), project)


def run_all_command(encoder: Path) -> list[str]:
    """The main job on few documents: what counts here is the way, not the scores."""
    command = [sys.executable, "-m", "spacy", "project", "run", "all", "."]
    return [*command, "--vars.encoder", str(encoder), "--vars.epochs", "2", "--vars.limit", "150"]


def install_fresh(project: Path, folder: Path, requirement: str) -> Path:
    """A fresh virtual environment with a distribution from the wheels of the project; RETURNS its Python."""
    wheels = folder / "packages"
    shutil.copytree(project / "packages", wheels)
    run([sys.executable, "-m", "venv", str(folder / "venv")], folder)
    python = folder / "venv" / "bin" / "python"
    run([str(python), "-m", "pip", "install", "--quiet", "--find-links", str(wheels), requirement], folder)
    return python


@pytest.fixture(scope="module")
def installed(project: Path, first_run: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_fresh(project, tmp_path_factory.mktemp("fresh"), "en_finance_trf")


def test_every_step_runs_and_leaves_its_outputs(project, first_run):
    assert "Skipping" not in first_run
    for step in STEPS:
        assert f" {step} " in first_run
    assert (project / "reports" / "evaluation.html").exists()
    scores = json.loads((project / "reports" / "evaluation.json").read_text(encoding="utf-8"))["scores"]
    assert scores["money_f"] > 0.9
    assert sorted(path.name for path in (project / "packages").iterdir()) == [
        "en_finance-0.1.0-py3-none-any.whl",
        "en_finance_trf-0.1.0-py3-none-any.whl",
        "spacy_bellwether-0.1.0-py3-none-any.whl",
    ]


def test_second_run_skips_every_step(project, first_run, tiny_encoder):
    second = run_all(project, tiny_encoder)
    assert re.findall(r"Skipping '(\S+)'", second) == STEPS


def test_a_changed_input_runs_what_depends_on_it(project, first_run, tiny_encoder):
    """A dry run, so that nothing is trained again."""
    path = project / "assets" / "starter" / "earnings.txt"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "\n# a remark\n", encoding="utf-8")
    try:
        output = run([*run_all_command(tiny_encoder), "--dry"], project)
    finally:
        path.write_text(before, encoding="utf-8")
    assert "convert" not in re.findall(r"Skipping '(\S+)'", output)
    assert {"encoder", "fetch"} <= set(re.findall(r"Skipping '(\S+)'", output))


def test_wheel_works_in_a_fresh_environment(installed, tmp_path):
    entities, sentiment, category, meta = analyse(installed, "en_finance_trf", tmp_path)
    values = {text: value for text, _, value in entities}
    assert values["EUR 13.1 mn"] == {"type": "money", "amount": "13100000", "currency": "EUR"} | {
        key: values["EUR 13.1 mn"][key] for key in values["EUR 13.1 mn"] if key == "candidates"
    }
    assert values["40%"]["value"] == "40"
    assert sentiment in ("positive", "neutral", "negative")
    assert category is not None
    assert {"ents_f", "sentiment_macro_f", "category_macro_f"} <= set(meta["performance"])


def test_meta_says_where_the_pipeline_comes_from(installed, tmp_path):
    meta = analyse(installed, "en_finance_trf", tmp_path)[3]
    assert meta["name"] == "finance_trf"
    assert meta["sources"][0]["license"] == "Apache-2.0"
    assert re.fullmatch(r"[0-9a-f]{64}", meta["bellwether"]["corpus_sha256"]["train"])
    assert "git_commit" in meta["bellwether"]
    requirements = " ".join(meta["requirements"])
    for name in ("spacy-bellwether>=", "spacy-transformers>=", "torch>="):
        assert name in requirements


def test_compiled_wheel_gives_the_same_answers_without_pytorch(project, installed, tmp_path):
    python = install_fresh(project, tmp_path, "en_finance")
    program = (
        "import importlib.util\n"
        "print([name for name in ('torch', 'transformers', 'spacy_transformers') if importlib.util.find_spec(name)])"
    )
    assert run([str(python), "-c", program], tmp_path).strip() == "[]"
    # In the precision of the trained one: two classes that are equally likely may change places in another.
    *answers, _ = analyse(python, "en_finance", tmp_path, precision="fp32")
    *expected, _ = analyse(installed, "en_finance_trf", tmp_path)
    assert answers == expected
    meta = analyse(python, "en_finance", tmp_path)[-1]
    assert meta["compiled_encoder"]["form"] in meta["compiled_encoder"]["forms"]
    assert "money_f" in meta["performance"]
    assert not any(name.startswith(("torch", "spacy-transformers")) for name in meta["requirements"])


def test_library_alone_brings_no_pytorch(project, first_run, tmp_path):
    """The core installs without torch and transformers, and the normalizers work."""
    python = install_fresh(project, tmp_path, "spacy-bellwether")
    program = (
        "import importlib.util, spacy, bellwether\n"
        "assert not any(importlib.util.find_spec(name) for name in ('torch', 'transformers', 'spacy_transformers'))\n"
        "nlp = spacy.blank('en'); nlp.add_pipe('money')\n"
        "print(nlp('It cost $4.2bn.').ents[0]._.value.amount)"
    )
    assert run([str(python), "-W", "ignore", "-c", program], tmp_path).strip() == "4200000000"


def test_service_answers_with_the_compiled_pipeline(project, first_run, tmp_path):
    """`python -m service` on a free port, asked by a real HTTP client."""
    import socket
    import time

    import httpx

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "service", "--pipeline", "training/compiled", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=project, stdout=log, stderr=subprocess.STDOUT)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            for _ in range(240):
                try:
                    if client.get("/health").status_code == httpx.codes.OK:
                        break
                except httpx.TransportError:
                    pass
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.5)
            answer = client.post("/v1/analyze", json={"text": TEXT})
            assert answer.status_code == httpx.codes.OK, answer.text
            document = answer.json()["documents"][0]
            entities = {entity["text"]: entity for entity in document["entities"]}
            assert entities["EUR 13.1 mn"]["value"]["amount"] == "13100000"
            assert document["classifications"]["sentiment"]["label"] in ("positive", "neutral", "negative")
            assert client.post("/v1/analyze", json={"text": " "}).status_code == httpx.codes.UNPROCESSABLE_ENTITY
    finally:
        server.terminate()
        server.wait(timeout=30)
