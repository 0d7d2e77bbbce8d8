"""Which files a command names."""

from pathlib import Path

import pytest

from scripts.annotation.inputs import find_sources
from scripts.errors import BadInput

OUT = Path("out")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        *("b.jsonl", "a.CSV", "notes.txt", ".hidden.jsonl", "deep/a.parquet", "deep/er/c.tsv", "deep/.git/x.jsonl"),
        *("2031/a.ndjson", "2032/a.ndjson", "out/part-000000.jsonl"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def found(*places: str) -> list[tuple[str, str]]:
    return [(source.name, source.format) for source in find_sources(places, OUT)]


def test_files_folders_and_globs_in_the_order_of_the_command():
    assert found("b.jsonl", "deep", "a.CSV") == [
        ("b.jsonl", "jsonl"),
        ("a.parquet", "parquet"),
        ("c.tsv", "tsv"),
        ("a.CSV", "csv"),
    ]
    assert found("deep/**/*.tsv") == found(f"{Path.cwd()}/deep/**/*.tsv") == [("c.tsv", "tsv")]


def test_a_file_that_is_named_twice_is_read_once():
    assert found("b.jsonl", "*.jsonl", "./b.jsonl") == [("b.jsonl", "jsonl")]


def test_files_of_one_name_are_told_apart_by_their_folders():
    assert found("2031", "b.jsonl", "2032/a.ndjson") == [
        ("2031/a.ndjson", "jsonl"),
        ("b.jsonl", "jsonl"),
        ("2032/a.ndjson", "jsonl"),
    ]


def test_the_output_is_no_input():
    names = [name for name, _ in found(".")]
    assert "b.jsonl" in names
    assert "part-000000.jsonl" not in names
    assert ".hidden.jsonl" not in names


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("missing.jsonl", "missing.jsonl: there is no such file or folder"),
        ("notes.txt", "notes.txt: the suffix must be one of .jsonl"),
        ("*.xml", "*.xml: no file to annotate"),
        ("out", "out: no file to annotate"),
    ],
)
def test_a_place_without_files_is_an_error(place: str, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        found("b.jsonl", place)
    assert str(caught.value).startswith(reason)
