"""Every row of a file is in exactly one shard, whatever its bytes."""

import csv
import io
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.annotation.cutting import Cut, Stretch, cut, cut_lines, cut_table, gather
from scripts.annotation.inputs import Source
from scripts.annotation.rows import read_cells, read_lines
from scripts.annotation.tables import read_table
from scripts.errors import BadInput
from scripts.files import file_sha256

PIECES = [
    b"\n",
    b"\r\n",
    b"\r",
    b'"',
    b",",
    b"a",
    b" ",
    b"\xff",
    b"\x00",
    b'{"text": "x"}',
    b'"x\ny"',
    "ü\u2028".encode(),
]
files = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=40).map(b"".join)
marks = st.sampled_from([b"", b"\xef\xbb\xbf"])


def check_cover(cuts: list[Cut], start: int, end: int, rows: int) -> None:
    """One shard begins where the one before ends; none is empty or too large."""
    assert [piece.start for piece in cuts] == [start, *(piece.end for piece in cuts[:-1])][: len(cuts)]
    assert all(piece.start < piece.end <= end and 1 <= piece.rows <= rows for piece in cuts)


@given(mark=marks, data=files, rows=st.integers(1, 5))
def test_lines_are_cut_and_read_back_each_once(mark: bytes, data: bytes, rows: int) -> None:
    if data.startswith(b"\xef\xbb\xbf"):
        return
    raw = mark + data
    cuts = list(cut_lines(iter(io.BytesIO(raw)), rows))
    check_cover(cuts, len(mark), len(raw), rows)
    read = [list(read_lines(raw[piece.start : piece.end], piece.line)) for piece in cuts]
    assert [len(shard) for shard in read] == [piece.rows for piece in cuts]
    expected = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    assert [(row.line, bytes(row.raw).removesuffix(b"\n")) for shard in read for row in shard] == expected


@given(mark=marks, data=files, rows=st.integers(1, 5))
def test_rows_of_a_table_are_cut_and_read_back_each_once(mark: bytes, data: bytes, rows: int) -> None:
    raw = mark + b"text,b\n" + data
    header, cuts = cut_table(iter(io.BytesIO(raw)), ",", rows, "text", Path("x.csv"))
    assert header == ["text", "b"]
    check_cover(cuts, len(mark) + 7, len(raw), rows)
    found = [row for piece in cuts for row in read_cells(raw[piece.start : piece.end], piece.line, header, ",")]
    whole = list(read_cells(data, 2, header, ","))
    assert found == whole
    assert sum(piece.rows for piece in cuts) == len(whole)
    assert b"".join(row.raw for row in read_table(io.BytesIO(data), ",")) == data


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=12), st.integers(1, 4))
def test_a_table_that_csv_writes_is_read_as_it_was(cells: list[tuple[str, str]], rows: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("text", "b"), *cells])
    raw = text.getvalue().encode("utf-8", "replace")
    header, cuts = cut_table(iter(io.BytesIO(raw)), ",", rows, "text", Path("x.csv"))
    assert header is not None
    found = [row for piece in cuts for row in read_cells(raw[piece.start : piece.end], piece.line, header, ",")]
    expected = [
        {name: cell.encode("utf-8", "replace").decode() for name, cell in zip(header, row, strict=True) if cell}
        for row in cells
    ]
    assert [row.data for row in found] == expected


def test_a_shard_ends_where_it_is_large() -> None:
    cuts = list(cut_lines(iter([b"x" * 9 + b"\n"] * 5), 1000))
    assert len(cuts) == 1
    cuts = list(gather([Stretch(10, 1, True)] * 5, 0, 1, 1000, 20))
    assert [(piece.start, piece.end, piece.line, piece.rows) for piece in cuts] == [
        (0, 20, 1, 2),
        (20, 40, 3, 2),
        (40, 50, 5, 1),
    ]


@pytest.mark.parametrize(("name", "form"), [("a.jsonl", "jsonl"), ("a.csv", "csv")])
def test_the_hash_is_that_of_the_file_and_all_bytes_are_told(tmp_path: Path, name: str, form: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"text\n" + b'"x"\n' * 500 + b"\n\n")
    told: list[int] = []
    pieces = cut(Source(path, form, name), "text", 100, told.append)
    assert pieces.sha256 == file_sha256(path)
    assert sum(told) == path.stat().st_size


def test_a_parquet_file_is_cut_within_its_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [f"{number}" for number in range(25)]}), path, row_group_size=10)
    cuts = cut(Source(path, "parquet", "a"), "text", 4).cuts
    assert [(piece.group, piece.start, piece.end, piece.line) for piece in cuts] == [
        *[(0, 0, 4, 1), (0, 4, 8, 5), (0, 8, 10, 9)],
        *[(1, 0, 4, 11), (1, 4, 8, 15), (1, 8, 10, 19)],
        *[(2, 0, 4, 21), (2, 4, 5, 25)],
    ]


TABLES = {
    "no column": (b"a,b\n1,2\n", "no column 'text' (there are: a, b); see --text-field"),
    "twice": (b"text,b,b\n", "two columns are called 'b': rename one"),
    "broken": (b'"text" x,b\n1,2\n', "the header: not valid CSV"),
}


@pytest.mark.parametrize(("raw", "reason"), TABLES.values(), ids=TABLES)
def test_a_table_without_the_texts_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=r"x\.csv") as caught:
        cut_table(iter(io.BytesIO(raw)), ",", 5, "text", Path("x.csv"))
    assert reason in str(caught.value)


def test_what_is_no_parquet_is_refused() -> None:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(b"nothing")
        file.flush()
        with pytest.raises(BadInput, match="not a Parquet file"):
            cut(Source(Path(file.name), "parquet", "a"), "text", 5)


def test_a_quote_that_is_never_closed_does_not_take_the_file() -> None:
    long = b'"never closed\n' + b"x" * 1000 + b"\n"
    data = b"good\n" + long + b"y" * 2**20 + b"\nlast\n"
    rows = list(read_table(io.BytesIO(data), ","))
    assert rows[0].cells == ["good"]
    assert rows[1].cells is None
    assert "field larger than field limit" in (rows[1].problem or "")
    assert rows[-1].cells == ["last"]
    assert csv.field_size_limit() == 131_072
