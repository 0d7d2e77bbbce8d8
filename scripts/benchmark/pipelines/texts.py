"""Texts of a given length: real sentences of a split, joined, and cut at the border of a token or word."""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from spacy.language import Language

from ...errors import BadInput, ErrorLog, require_file
from ...records import read_jsonl

# Tries at a text of exactly so many tokens: a cut may make another token of the one before it.
_TRIES = 20


def read_texts(path: Path) -> list[str]:
    """The texts of a split, each once, on one line.

    path (Path): `corpus/test.jsonl`.
    RAISES (BadInput): there is no such file, or nothing in it.
    """
    records = read_jsonl(require_file(path, "convert"), ErrorLog())
    texts = list(dict.fromkeys(" ".join(record.text.split()) for record in records))
    if not texts:
        raise BadInput("no records", path=path)
    return texts


def texts_of_tokens(nlp: Language, sources: Sequence[str], tokens: int, count: int, *, seed: int) -> list[str]:
    """Texts of exactly so many tokens.

    nlp (Language): with the tokenizer that counts.
    sources (Sequence[str]): texts that are joined; each is used once before one is used again, then in another order.
    RAISES (BadInput): they cannot be cut to this length.
    """
    lengths = {text: len(nlp.make_doc(text)) for text in sources}
    stream = _endless(sources, random.Random(f"{seed}-{tokens}"))
    return [_text_of_tokens(nlp, stream, lengths, tokens) for _ in range(count)]


def _text_of_tokens(nlp: Language, stream: Iterator[str], lengths: Mapping[str, int], tokens: int) -> str:
    for _ in range(_TRIES):
        parts: list[str] = []
        while sum(lengths[part] for part in parts) < tokens:
            parts.append(next(stream))
        text: str = nlp.make_doc(" ".join(parts))[:tokens].text
        if len(nlp.make_doc(text)) == tokens:
            return text
    raise BadInput(f"no text of {tokens} tokens can be cut from this corpus")


def texts_of_characters(sources: Sequence[str], characters: int, count: int, *, seed: int) -> list[str]:
    """Texts of at most so many characters, cut between two words."""
    stream = _endless(sources, random.Random(f"{seed}-{characters}-characters"))
    texts = []
    for _ in range(count):
        parts: list[str] = []
        length = 0
        while length <= characters:
            parts.append(next(stream))
            length += len(parts[-1]) + 1
        text = " ".join(parts)
        texts.append(text[: text.rindex(" ", 0, characters + 1)])
    return texts


def _endless(sources: Sequence[str], order: random.Random) -> Iterator[str]:
    while True:
        yield from order.sample(sources, len(sources))
