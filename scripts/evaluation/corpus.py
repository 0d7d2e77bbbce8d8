"""The built corpus: its manifest and the gold docs of its splits."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.tokens import Doc
from spacy.vocab import Vocab

from ..docbin import read_docbin
from ..errors import BadInput, require_file
from ..files import file_sha256
from .result import CorpusInfo

MANIFEST = "manifest.json"
TRAIN, DEV, TEST = "train", "dev", "test"


@dataclass(frozen=True)
class Corpus:
    """Gold docs by split, and where they come from."""

    info: CorpusInfo
    docs: dict[str, list[Doc]]


def read_manifest(folder: Path) -> CorpusInfo:
    """Read what `convert` wrote about the corpus.

    RAISES (BadInput): where it is missing or lacks a field.
    """
    path = folder / MANIFEST
    if not path.exists():
        raise BadInput("no corpus here: run the step 'convert' first, or name its folder with --corpus", path=path)
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        documents = {
            split: sum(source["documents"][split] for source in data["sources"].values()) for split in data["sha256"]
        }
        return CorpusInfo(str(folder), data["domain"], data["mix"], data["sources"], data["sha256"], documents)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"not a manifest of 'convert' ({type(error).__name__}: {error}): build the corpus again"
        raise BadInput(problem, path=path) from None


def check_records(folder: Path, info: CorpusInfo, split: str) -> None:
    """Raise BadInput where the records of a split are not those that the manifest speaks of."""
    path = require_file(folder / f"{split}.jsonl", "convert")
    if file_sha256(path) != info.sha256[split]:
        raise BadInput(
            f"does not have the sha256 that {MANIFEST} gives: build the corpus again with 'convert'", path=path
        )


def load_corpus(folder: Path, vocab: Vocab, splits: tuple[str, ...]) -> Corpus:
    """Read the gold docs of some splits, and check them against the manifest.

    RAISES (BadInput): where a file is missing, empty or of another build.
    """
    info = read_manifest(folder)
    docs = {}
    for split in splits:
        path = folder / f"{split}.spacy"
        if split not in info.sha256:
            raise BadInput(f"the manifest has no split '{split}'", path=folder / MANIFEST)
        check_records(folder, info, split)
        docs[split] = list(read_docbin(path, vocab))
        if len(docs[split]) != info.documents[split]:
            raise BadInput(
                f"has {len(docs[split])} documents, {MANIFEST} says {info.documents[split]}: build the corpus again",
                path=path,
            )
    return Corpus(info, docs)
