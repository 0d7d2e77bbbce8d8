"""The companies of a gazetteer as a CSV file, checked on reading: every mistake with its line and column.

The columns are described in `assets/gazetteers/README.md`.
"""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from stdnum import isin as isin_code
from stdnum import lei as lei_code

from .company_names import read_name, tidy

MAX_LISTED = 20
LIST_SEPARATOR = "|"
_DELIMITERS = ",;\t"
_REQUIRED = ("id", "name")
_CIK_DIGITS = 10


class Entry(NamedTuple):
    """A company of a gazetteer.

    id (str): its key, unique in the file.
    name (str): its full, legal name.
    aliases (tuple): other names, complete in themselves: "Google".
    ticker, exchange (str | None): the main listing.
    listings (tuple): other listings, "EXCHANGE:SYMBOL".
    isin, lei, cik (str | None): ISO 6166 number of the share, Legal Entity Identifier (ISO 17442), Central Index Key of
        the SEC, ten digits.
    country (str | None): ISO 3166 code of two letters.
    fiscal_year_end (int | None): the month, 1 to 12, in which the financial year ends.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    ticker: str | None = None
    exchange: str | None = None
    listings: tuple[str, ...] = ()
    isin: str | None = None
    lei: str | None = None
    cik: str | None = None
    country: str | None = None
    fiscal_year_end: int | None = None


COLUMNS = Entry._fields


class Problem(NamedTuple):
    """A mistake in a file: where, in 1-based lines, and what to do about it."""

    line: int
    column: str | None
    what: str

    def __str__(self) -> str:
        column = "" if self.column is None else f"column '{self.column}': "
        return f"line {self.line}: {column}{self.what}"


class GazetteerError(ValueError):
    """A gazetteer that cannot be used.

    source (str): the file.
    problems (list[Problem]): all that is wrong with it.
    """

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = list(problems)
        super().__init__(source, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [f"{self.source}: {count} problem{'s' if count > 1 else ''}"]
        lines += [f"  {problem}" for problem in self.problems[:MAX_LISTED]]
        if count > MAX_LISTED:
            lines.append(f"  … and {count - MAX_LISTED} more")
        return "\n".join(lines)


def read_csv(path: str | Path) -> list[Entry]:
    """Read a file.

    path (str | Path): UTF-8, with or without a byte order mark, columns separated by commas, semicolons or tabs.
    RETURNS (list[Entry]): its companies.
    RAISES (FileNotFoundError): there is no such file. (GazetteerError): it is wrong; lists all that is.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such gazetteer; give the path of a CSV file")
    return parse_csv(path.read_bytes(), source=str(path))


def parse_csv(data: bytes, *, source: str, checked: bool = False) -> list[Entry]:
    """Parse the content of a file; see `read_csv`.

    checked (bool): whether it was written by `format_csv`: the check digits are not computed again.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8 (in Excel: 'CSV UTF-8')"
        raise GazetteerError(source, [Problem(line, None, what)]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise GazetteerError(source, [Problem(line, None, "a zero byte: save the file as UTF-8")])
    parser = _Parser(checked=checked)
    entries = parser.parse(text)
    if parser.problems:
        raise GazetteerError(source, sorted(parser.problems, key=_line))
    return entries


def _line(problem: Problem) -> int:
    return problem.line


def format_csv(entries: Iterable[Entry]) -> bytes:
    """RETURNS (bytes): the content of a file that `parse_csv` reads back as the same companies."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow(
            [LIST_SEPARATOR.join(cell) if isinstance(cell, tuple) else "" if cell is None else cell for cell in entry]
        )
    return stream.getvalue().encode("utf-8")


class _Parser:
    """Turns rows into entries and collects what is wrong."""

    def __init__(self, *, checked: bool) -> None:
        self.checked = checked
        self.problems: list[Problem] = []

    def parse(self, text: str) -> list[Entry]:
        header_line = text.partition("\n")[0]
        delimiter = max(_DELIMITERS, key=header_line.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = self._rows(reader)
        line, header = next(rows, (1, []))
        places = self._read_header(line, header)
        if self.problems:
            return []
        entries: list[Entry] = []
        lines: dict[str, int] = {}
        for line, cells in rows:
            if len(cells) != len(header):
                what = f"{len(cells)} cells, but the header has {len(header)}: quote a cell that contains {delimiter!r}"
                self._add(line, None, what)
                continue
            entry = self._read_row(line, [cells[place] if place is not None else "" for place in places])
            first = lines.setdefault(entry.id, line)
            if first != line and entry.id:
                self._add(line, "id", f"{entry.id!r} is the id of line {first} too: an id names one company")
            entries.append(entry)
        return entries

    def _add(self, line: int, column: str | None, what: str) -> None:
        self.problems.append(Problem(line, column, what))

    def _rows(self, reader: "Iterator[list[str]]") -> Iterator[tuple[int, list[str]]]:
        """Rows that are not blank, with the line that each starts on."""
        line = 1
        try:
            for cells in reader:
                if (cells and cells[0].strip()) or any(map(str.strip, cells)):
                    yield line, cells
                line = reader.line_num + 1  # type: ignore[attr-defined]
        except csv.Error as error:
            self._add(line, None, f"not valid CSV ({error}): look for a quote that is not closed or not doubled")

    def _read_header(self, line: int, header: list[str]) -> list[int | None]:
        """RETURNS (list): for each of our columns, its place in the file; None where the file lacks it."""
        names = [name.strip().lower() for name in header]
        for name in _REQUIRED:
            if name not in names:
                self._add(
                    line, name, f"missing; the first line names the columns, and has {', '.join(names) or 'none'}"
                )
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._add(line, name, "twice in the header: remove one")
        for name in names:
            close = difflib.get_close_matches(name, [column for column in COLUMNS if column not in names], 1, 0.75)
            if name not in COLUMNS and close:
                self._add(line, name, f"unknown; is it '{close[0]}'? Other columns of yours are ignored")
        return [names.index(column) if column in names else None for column in COLUMNS]

    def _read_row(self, line: int, cells: list[str]) -> Entry:
        id_, name, aliases, ticker, exchange, listings, isin, lei, cik, country, month = cells
        id_ = id_.strip()
        if not id_ or len(id_.split()) > 1:
            self._add(line, "id", "empty: give every company an id" if not id_ else f"{id_!r} contains a space")
        name = self._read_name(line, "name", name)
        alias_cells = aliases.split(LIST_SEPARATOR) if aliases else []
        return Entry(
            id_,
            name,
            tuple([self._read_name(line, "aliases", alias) for alias in alias_cells]),
            _upper(ticker),
            _upper(exchange),
            self._read_listings(line, listings) if listings else (),
            self._read_code(line, "isin", isin, isin_code.is_valid) if isin else None,
            self._read_code(line, "lei", lei, lei_code.is_valid) if lei else None,
            self._read_cik(line, cik) if cik else None,
            self._read_country(line, country) if country else None,
            self._read_month(line, month) if month else None,
        )

    def _read_name(self, line: int, column: str, cell: str) -> str:
        name = tidy(cell)
        if not name:
            what = "empty: give the full name" if column == "name" else "an empty alias: remove the extra '|'"
            self._add(line, column, what)
        elif not self.checked and not name.isascii() and not read_name(name).words:
            self._add(line, column, f"{name!r} has neither letters nor digits")
        return name

    def _read_listings(self, line: int, cell: str) -> tuple[str, ...]:
        listings = tuple([listing.strip().upper() for listing in cell.split(LIST_SEPARATOR)])
        for listing in listings:
            if not re.fullmatch(r"[^:\s][^:]*:\S+", listing):
                self._add(line, "listings", f"{listing!r} is no EXCHANGE:SYMBOL, such as NYSE:BABA")
        return listings

    def _read_code(self, line: int, column: str, cell: str, is_valid: Callable[[str], bool]) -> str | None:
        code = cell.strip().upper()
        if code and not self.checked and not is_valid(code):
            what = f"{code!r} is no {column.upper()} (length, characters or check digit): correct it or leave it empty"
            self._add(line, column, what)
        return code or None

    def _read_cik(self, line: int, cell: str) -> str | None:
        cik = cell.strip()
        if cik and not (cik.isascii() and cik.isdigit() and len(cik) <= _CIK_DIGITS):
            self._add(line, "cik", f"{cik!r} is no CIK: up to ten digits")
        return cik.zfill(_CIK_DIGITS) if cik else None

    def _read_country(self, line: int, cell: str) -> str | None:
        country = cell.strip().upper()
        if country and not re.fullmatch("[A-Z]{2}", country):
            self._add(line, "country", f"{country!r} is no ISO 3166 code of two letters, such as FI")
        return country or None

    def _read_month(self, line: int, cell: str) -> int | None:
        month = cell.strip()
        if not month:
            return None
        if not re.fullmatch("0?[1-9]|1[0-2]", month):
            self._add(line, "fiscal_year_end", f"{month!r} is no month: write 1 to 12, or leave it empty")
            return None
        return int(month)


def _upper(cell: str) -> str | None:
    return cell.strip().upper() or None
