"""The README is true: its examples run, and what it names exists."""

import re
from pathlib import Path

import pytest
import srsly

from scripts.domain import Source
from scripts.records import make_record

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", README, flags=re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


# Those with the trained pipeline run in tests/end_to_end/.
@pytest.mark.parametrize("block", [block for block in blocks("python") if "en_finance_trf" not in block])
def test_python_blocks_run(block, capsys):
    exec(compile(block, "README.md", "exec"), {})
    assert "3100000000" in capsys.readouterr().out


def test_the_record_of_the_readme_is_a_record():
    (block,) = blocks("json")
    record = make_record(srsly.json_loads(block))
    assert record.text[record.spans[0].start : record.spans[0].end] == "Norvane"


def test_the_source_of_the_readme_is_a_source():
    (block,) = blocks("yaml")
    source = srsly.yaml_loads(block)["sources"]["notes"]
    assert Source.model_validate(source).columns["text"] == "headline"


def test_links_and_places_exist():
    for target in re.findall(r"!?\[[^\]]*\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists(), target
    for place in re.findall(r"^\| `([\w/]+/)` \|", README, flags=re.MULTILINE):
        built = ("corpus/", "training/", "reports/", "packages/")
        assert place in built or (ROOT / place).is_dir(), place


def test_make_targets_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make (\w+)`?", README)):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
