"""Rows of a CSV or TSV file, each with the bytes that it was read from."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# spaCy reads no text of more than a million characters. Python's own limit, 131,072, would break longer ones apart; and
# without a limit, a quote that is never closed would swallow the file.
MAX_CELL_CHARACTERS = 2**20


@dataclass(frozen=True)
class TableRow:
    """cells (list | None): None for a row that is broken; empty for a blank line. lines (int): that it takes."""

    cells: list[str] | None
    raw: bytes
    lines: int
    problem: str | None = None


def read_table(lines: Iterable[bytes], delimiter: str) -> Iterator[TableRow]:
    """Yield every row, blank ones too, so that their bytes are those of the lines.

    A byte that is not UTF-8 becomes a surrogate in its cell. After a broken row, reading goes on with the next line.
    """
    taken: list[bytes] = []

    def take() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line.decode("utf-8", "surrogateescape")

    reader = csv.reader(take(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        cells, problem = None, None
        limit = csv.field_size_limit(MAX_CELL_CHARACTERS)  # of the whole process: put back at once
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lost = f"; {len(taken)} lines are one broken row" if len(taken) > 1 else ""
            problem = f"not valid CSV: {error}{lost}"
        finally:
            csv.field_size_limit(limit)
        yield TableRow(cells, b"".join(taken), len(taken), problem)
