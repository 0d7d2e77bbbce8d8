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


def printed_examples() -> list[tuple[str, str]]:
    """Python blocks, each with the block of what it prints."""
    pattern = r"```python\n([^`]*)```\n\nprints\n\n```text\n([^`]*)```"
    return re.findall(pattern, README)


def test_every_example_says_what_it_prints():
    assert [code for code, _ in printed_examples()] == blocks("python")


# Those with the trained pipeline run in tests/end_to_end/.
@pytest.mark.parametrize(
    ("code", "printed"), [example for example in printed_examples() if "en_finance" not in example[0]]
)
def test_an_example_prints_what_the_readme_says(code, printed, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


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
