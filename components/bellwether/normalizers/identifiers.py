"""Security and entity identifiers with check digits: ISIN, CUSIP, SEDOL and LEI. Pure functions on text, without spaCy.

The check digits are those of python-stdnum. An identifier whose check digit is wrong is none.

How an identifier is told from other codes. The check digits and the form of an ISIN (12 characters, a country first)
and of an LEI (20) suffice. A CUSIP (9) and a SEDOL (7) have one check digit, which one in ten other codes has too:
without its name beside it, a CUSIP must have the form of an issuer's number (three digits and a letter further on, or
a letter and four digits abroad), and a SEDOL that of those given out since 2004 ("B15KXQ8"). One that is all digits
needs its name.

Sources: ISO 6166 (ISIN), ISO 17442 (LEI), ANSI X9.6 (CUSIP), the SEDOL Masterfile's technical specification.
"""

import re
from typing import NamedTuple

from stdnum import cusip, isin, lei
from stdnum.gb import sedol

from ..values import TickerKind

_VALID = {"isin": isin.is_valid, "cusip": cusip.is_valid, "sedol": sedol.is_valid, "lei": lei.is_valid}
_KINDS: dict[int, TickerKind] = {12: "isin", 9: "cusip", 7: "sedol", 20: "lei"}  # by length
_KINDS_BY_NAME: dict[str, TickerKind] = {kind: kind for kind in _KINDS.values()}

# Characters only; how many and whether the check digit is right is asked afterwards.
_RUN = re.compile(r"(?<!\w)(?=[A-Z]*\d)[A-Z0-9]{7,20}(?!\w)")
_FORMS: dict[TickerKind, re.Pattern[str]] = {
    "isin": re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d"),
    "cusip": re.compile(r"\d{3}(?=\d*[A-Z])[A-HJ-NP-Z0-9]{5}\d|[A-Z]\d{4}[A-HJ-NP-Z0-9]{3}\d"),
    "sedol": re.compile(r"B(?=[A-Z]*\d[A-Z]*\d)[B-DF-HJ-NP-TV-Z0-9]{5}\d"),
    "lei": re.compile(r"(?=\d*[A-Z])[A-Z0-9]{18}\d{2}"),
}
# What may touch a code that stands for itself; "-2" or "/7" behind it makes it part of a longer one.
_TOUCHES = re.compile(r"[-/.#@$*+=:][A-Za-z0-9]")
_BEFORE = frozenset("-/.#@$*+=&?_")

# With the name before it, an identifier may be written in groups.
_NAMES = ("ISIN", "CUSIP", "SEDOL", "LEI", "Isin", "Cusip", "Sedol")
_NAME = re.compile(rf"\b({'|'.join(_NAMES)})(?=s?\b)")
_NAME_GAP = re.compile(
    r"s?(?:[ ](?:[Nn]umbers?|NUMBERS?|[Nn]os?\b|NOS?\b|[Cc]odes?|CODES?|ID|#))?\.?(?:[ ]?\([^()\n]{1,24}\))?"
    r"[ ]?[)\]]?[ ]?(?:[:=#][ ]?|[ ](?:is|are|of)[ ]|[-–—][ ])?[\"'“(]?"
)
_LIST_GAP = re.compile(r"(?:,? (?:and|or|&) |[,;/] ?)")
_NAMED_FORMS: dict[TickerKind, re.Pattern[str]] = {
    "isin": re.compile(r"[A-Z]{2}(?:[ -]?[A-Z0-9]){9}[ -]?\d(?![A-Za-z0-9])"),
    "cusip": re.compile(r"[A-Z0-9*@#]{6}[ -]?[A-Z0-9*@#]{2}[ -]?\d(?![A-Za-z0-9])"),
    "sedol": re.compile(r"[A-Z0-9]{7}(?![A-Za-z0-9])"),
    "lei": re.compile(r"[A-Z0-9]{4}(?:[ -]?[A-Z0-9]{4}){4}(?![A-Za-z0-9])"),
}
_NAME_BEHIND = re.compile(r" ?\(?(ISIN|CUSIP|SEDOL|LEI)\b")
_SEPARATORS = str.maketrans("", "", " -")
_MAX_LIST = 50


class Identifier(NamedTuple):
    """An identifier of a text.

    start, end (int): bounds in characters.
    number (str): without spaces and hyphens.
    kind (str): "isin", "cusip", "sedol" or "lei".
    """

    start: int
    end: int
    number: str
    kind: TickerKind


def is_valid(number: str, kind: TickerKind) -> bool:
    """Whether a number, without spaces and hyphens, has the length, the form and the check digit of its kind.

    number (str): in capitals.
    kind (str): "isin", "cusip", "sedol" or "lei"; a "ticker" has no check digit and is never valid.
    """
    return _KINDS.get(len(number)) == kind and number.isascii() and bool(_VALID[kind](number))


def find_identifiers(text: str) -> list[Identifier]:
    """Find the identifiers of a text.

    RETURNS (list[Identifier]): in the order of the text, not overlapping.
    """
    found = _find_named(text) if any(name in text for name in _NAMES) else []
    taken = {identifier.start for identifier in found}
    for match in _RUN.finditer(text):
        if match.start() not in taken and (identifier := _read_run(text, match)):
            found.append(identifier)
    if len(found) < 2:
        return found
    found.sort()
    return [item for index, item in enumerate(found) if not index or item.start >= found[index - 1].end]


def _read_run(text: str, match: re.Match[str]) -> Identifier | None:
    """A run of capitals and digits that is an identifier by itself or by its name behind it."""
    number = match[0]
    kind = _KINDS.get(len(number))
    if kind is None:
        return None
    start, end = match.span()
    name = _NAME_BEHIND.match(text, end)
    if name is None or name[1].lower() != kind:
        if not _FORMS[kind].fullmatch(number):
            return None
        if _TOUCHES.match(text, end) or (start and text[start - 1] in _BEFORE):
            return None
    return Identifier(start, end, number, kind) if is_valid(number, kind) else None


def _find_named(text: str) -> list[Identifier]:
    """Identifiers with their name before them, and those that a list adds: "CUSIP Nos. 037833100 and 594918104"."""
    found: list[Identifier] = []
    for name in _NAME.finditer(text):
        kind = _KINDS_BY_NAME[name[1].lower()]
        gap = _NAME_GAP.match(text, name.end())
        for _ in range(_MAX_LIST):
            match = _NAMED_FORMS[kind].match(text, gap.end()) if gap else None
            if match is None:
                break
            number = match[0].translate(_SEPARATORS)
            if is_valid(number, kind):
                found.append(Identifier(*match.span(), number, kind))
            gap = _LIST_GAP.match(text, match.end())
    return found
