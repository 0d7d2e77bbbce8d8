"""The files that the command names: files, folders and globs."""

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInput

FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
DELIMITERS = {"csv": ",", "tsv": "\t"}


@dataclass(frozen=True)
class Source:
    """A file to annotate.

    name (str): its path below the folder that all inputs share; the ids that are made for its rows begin with it.
    """

    path: Path
    format: str
    name: str


def find_sources(places: Sequence[str], out: Path) -> list[Source]:
    """The files of the places, in their order, those of a folder or glob by name; each file once.

    places (Sequence[str]): files, folders (with all that lies below) and globs. out (Path): is left out.
    RAISES (BadInput): where a place has no file, or a file no known format.
    """
    paths: dict[Path, None] = {}
    for place in places:
        found = [path for path in _files_at(place) if not path.is_relative_to(out.resolve())]
        if not found:
            raise BadInput(f"no file to annotate: there must be one with the suffix {_suffixes()}", path=place)
        paths |= dict.fromkeys(found)
    common = Path(os.path.commonpath([path.parent for path in paths]))
    names = Counter(path.name for path in paths)
    return [
        Source(path, FORMATS[path.suffix.lower()], path.relative_to(common).as_posix())
        if names[path.name] > 1
        else Source(path, FORMATS[path.suffix.lower()], path.name)
        for path in paths
    ]


def _files_at(place: str) -> Iterator[Path]:
    path = Path(place)
    if path.is_file():
        if path.suffix.lower() not in FORMATS:
            raise BadInput(f"the suffix must be one of {_suffixes()} (unpack it first, if it is packed)", path=path)
        yield path.resolve()
    elif path.is_dir():
        yield from _known(path.rglob("*"), path)
    elif glob.has_magic(place):
        anchor = Path(path.anchor)
        yield from _known(anchor.glob(str(path.relative_to(anchor))), anchor)
    else:
        raise BadInput("there is no such file or folder", path=place)


def _known(paths: Iterator[Path], root: Path) -> Iterator[Path]:
    """Those with a format, without hidden ones."""
    for path in sorted(paths):
        parts = path.relative_to(root).parts if path.is_relative_to(root) else path.parts
        hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
        if path.suffix.lower() in FORMATS and path.is_file() and not hidden:
            yield path.resolve()


def _suffixes() -> str:
    return ", ".join(FORMATS)
