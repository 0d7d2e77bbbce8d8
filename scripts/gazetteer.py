"""Step `check-gazetteer`: what a user runs on their own gazetteer of companies; nothing is built."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from bellwether.normalizers.gazetteer import Gazetteer
from bellwether.normalizers.gazetteer_csv import COLUMNS, GazetteerError

from .errors import MAX_LISTED

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def count_filled(gazetteer: Gazetteer) -> dict[str, int]:
    """RETURNS (dict): for each column, in how many companies it says something."""
    counts = Counter(column for entry in gazetteer for column in COLUMNS if getattr(entry, column))
    return {column: counts[column] for column in COLUMNS}


@app.command()
def main(
    path: Annotated[Path, typer.Argument(help="A gazetteer (.csv).", exists=True, dir_okay=False)],
) -> None:
    """Check a gazetteer of companies: columns, ids, identifiers, months. Exits with 1 if something is wrong."""
    try:
        gazetteer = Gazetteer.from_csv(path)
    except GazetteerError as error:
        for problem in error.problems[:MAX_LISTED]:
            msg.fail(f"{path}: {problem}")
        more = f", of which {MAX_LISTED} are above" if len(error.problems) > MAX_LISTED else ""
        msg.fail(f"{len(error.problems)} problems{more}", exits=1)
    msg.table(count_filled(gazetteer), header=("column", "companies"), aligns=("l", "r"))
    shared = gazetteer.shared_names()
    for name, ids in list(shared.items())[:MAX_LISTED]:
        msg.info(f"{name!r} names {', '.join(ids)}: resolved only where the document names one of them otherwise")
    if len(shared) > MAX_LISTED:
        msg.info(f"… and {len(shared) - MAX_LISTED} more names of several companies")
    if not len(gazetteer):
        msg.fail("no companies: there are no lines below the header", exits=1)
    msg.good(f"{len(gazetteer)} companies are fine")
