"""Step `check-markup`: what an author runs while writing; nothing is built."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from .docbin import blank_pipeline, record_to_doc
from .domain import load_domain
from .errors import BadInput, ErrorLog
from .markup import read_markup
from .near_duplicates import find_near_duplicates
from .records import Record

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def check_files(paths: list[Path], domain_path: Path) -> tuple[list[Record], list[str]]:
    """Parse the files; RETURNS the good records, and one line for each problem."""
    domain = load_domain(domain_path)
    tokenizer = blank_pipeline(domain.lang)
    log = ErrorLog("skip")
    records = [record for path in paths for record in read_markup(path, domain, log)]
    problems = [str(error) for error in log.skipped]
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            problems.append(f"id {record.id!r}: used in two files")
        seen.add(record.id)
        try:
            record_to_doc(record, tokenizer)
        except BadInput as error:
            problems.append(str(error))
    for first, second, share in find_near_duplicates([record.text for record in records]):
        problems.append(
            f"ids {records[first].id!r} and {records[second].id!r} share {share:.0%} of their word 4-grams: rewrite one"
        )
    return records, problems


@app.command()
def main(
    paths: Annotated[list[Path], typer.Argument(help="Markup files (.txt).", exists=True, dir_okay=False)],
    domain: Annotated[Path, typer.Option(help="The domain file.")] = Path("configs/finance.yml"),
) -> None:
    """Check markup files: syntax, labels, values, token boundaries, near-duplicates. Exits with 1 if one is wrong."""
    records, problems = check_files(paths, domain)
    for problem in problems:
        msg.fail(problem)
    kinds: dict[str, int] = {}
    for record in records:
        for name, label in record.cats.items():
            kinds[f"{name}: {label}"] = kinds.get(f"{name}: {label}", 0) + 1
        for span in record.spans:
            kinds[f"ner: {span.label}"] = kinds.get(f"ner: {span.label}", 0) + 1
    msg.table(sorted(kinds.items()), header=("label", "count"), aligns=("l", "r"))
    if problems:
        msg.fail(f"{len(problems)} problems in {len(records)} good documents", exits=1)
    msg.good(f"{len(records)} documents are fine")
