"""`project.yml`, the README and the code agree.

An input that a step reads is declared, or an edit would be skipped as unchanged.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import srsly
from weasel.util.config import load_project_config

from scripts.__main__ import STEPS
from scripts.domain import load_domain

ROOT = Path(__file__).parent.parent
PROJECT = srsly.read_yaml(ROOT / "project.yml")
COMMANDS = {command["name"]: command for command in PROJECT["commands"]}
PACKAGES = {"scripts": ROOT / "scripts", "bellwether": ROOT / "components" / "bellwether", "service": ROOT / "service"}


def module_path(name: str) -> Path | None:
    """The file of a module of ours, None for anybody else's."""
    package, *rest = name.split(".")
    if package not in PACKAGES:
        return None
    path = PACKAGES[package].joinpath(*rest)
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def imported_files(path: Path, package: str) -> set[Path]:
    """Our files that a module imports directly, relative imports resolved."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            names = [prefix, *(f"{prefix}.{alias.name}" for alias in node.names)]
        else:
            continue
        found |= {file for name in names if (file := module_path(name)) is not None}
    return found


def package_of(path: Path) -> str:
    for name, folder in PACKAGES.items():
        if path.is_relative_to(folder):
            return ".".join([name, *path.parent.relative_to(folder).parts])
    raise AssertionError(path)


def code_of_step(step: str) -> set[str]:
    """Every file of ours that a step's module imports, directly or not; paths from the root.

    Empty `__init__` files do not count.
    """
    start = module_path(f"scripts.{STEPS[step][0]}")
    assert start is not None
    seen: set[Path] = set()
    todo = [start]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        todo += imported_files(path, package_of(path))
    return {
        str(path.relative_to(ROOT))
        for path in seen
        if path.name != "__init__.py" or imported_files(path, package_of(path))
    }


def steps_of(command: dict) -> list[str]:
    return re.findall(r"python -m scripts ([\w-]+)", " ".join(command["script"]))


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if steps_of(command)])
def test_deps_name_the_code_that_a_step_imports(name):
    command = COMMANDS[name]
    code = set().union(*(code_of_step(step) for step in steps_of(command)))
    missing = code - set(command["deps"])
    assert not missing, f"{name}: add to deps {sorted(missing)}"
    gone = [dep for dep in command["deps"] if dep.endswith(".py") and not (ROOT / dep).exists()]
    assert not gone, f"{name}: deps name files that do not exist: {gone}"


@pytest.mark.parametrize("name", list(COMMANDS))
def test_command_has_help_and_declares_its_results(name):
    command = COMMANDS[name]
    assert command["help"]
    assert command["deps"]
    if name in PROJECT["workflows"]["all"]:
        assert command["outputs"], "a step of the main job without outputs is never skipped"


def test_steps_of_the_project_exist_and_options_are_known():
    for command in COMMANDS.values():
        for line in command["script"]:
            for step in re.findall(r"python -m scripts ([\w-]+)", line):
                assert step in STEPS
                help_text = subprocess.run(
                    [sys.executable, "-m", "scripts", step, "--help"],
                    cwd=ROOT,
                    capture_output=True,
                    text=True,
                    check=True,
                    env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", "TERM": "dumb"},
                ).stdout
                for option in re.findall(r"--[\w-]+", line):
                    assert option in help_text, f"{step} has no {option}"


def test_variables_are_filled_in_one_by_one():
    """weasel makes one entry of two variables that follow each other in a list: a file that is missing."""
    for command in load_project_config(ROOT)["commands"]:
        for key in ("deps", "outputs", "script"):
            assert len(command.get(key, [])) == len(COMMANDS[command["name"]].get(key, [])), (command["name"], key)
            assert not any("${" in entry for entry in command.get(key, []))


def test_workflows_name_commands():
    for steps in PROJECT["workflows"].values():
        assert set(steps) <= set(COMMANDS)


def test_public_corpora_of_the_domain_are_declared_as_assets():
    domain = load_domain(ROOT / PROJECT["vars"]["domain"])
    declared = {asset["dest"]: asset for asset in PROJECT["assets"]}
    for source in domain.sources.values():
        for paths in source.files.values():
            for path in paths:
                if path.startswith("assets/public/"):
                    assert declared[path]["extra"] is True
                    assert re.fullmatch(r"[0-9a-f]{64}", declared[path]["sha256"])
                    assert re.fullmatch(r"[0-9a-f]{32}", declared[path]["checksum"])


def test_readme_tables_are_those_of_the_project():
    """Stale tables: run `make docs`."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    document = subprocess.run(
        [sys.executable, "-m", "spacy", "project", "document"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    start, end = "<!-- WEASEL: AUTO-GENERATED DOCS START", "<!-- WEASEL: AUTO-GENERATED DOCS END"

    def tables(text: str) -> list[str]:
        text = text[text.index(start) : text.index(end)]
        return [line.rstrip() for line in text.splitlines() if line.startswith("|")]

    assert tables(readme) == tables(document)
