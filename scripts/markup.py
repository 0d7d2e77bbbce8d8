r"""The inline markup of the authored corpus: `[Norvane Oyj](ORG) earned [EUR 13.1 mn](MONEY EUR 13.1e6)`.

`assets/starter/README.md` describes it for authors. This module parses it into records, with errors that name file,
line and id.
"""

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from bellwether.values import Bound, Money, Percent, Period, Quantity, Ticker, Value, parse_decimal

from .domain import Domain
from .errors import BadInput, ErrorLog
from .records import NER, REFERENCE_DATE, Record, make_record, read_text

KINDS = ("headline", "wire", "filing", "tweet", "item")
_HEADER_FIELDS = frozenset({"kind", "date"})
_PERCENT_UNITS = {"pp": "percentage_point", "bp": "basis_point"}
_BOUND_SIGNS: dict[str, Bound] = {">=": "at_least", "<=": "at_most", "~": "about"}
_GRAINS = ("day", "week", "month", "quarter", "half", "year", "range")
_ISO_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)
_FISCAL = re.compile(r"FY\d{4}(?:-(?:Q[1-4]|H[12]))?")
_UNRESOLVED = re.compile(r"\?(?:-(?P<label>Q[1-4]|H[12]|\d{2}))?")
_GRAIN_OF_LETTER = {"Q": "quarter", "H": "half"}


def parse_number(text: str) -> Decimal:
    """A number of the markup: `13.1e6`, `-3`, `1_200`."""
    try:
        return parse_decimal(text.replace("_", ""))
    except ValueError:
        raise BadInput(f"'{text}' is not a number: write digits, with e3, e6, e9 or e12 as scale") from None


def parse_amount(text: str, name: str) -> dict[str, Any]:
    """`4`, `>=4`, `<=4`, `~4` or `4..5` as the fields {name}, low, high, bound of a value."""
    if ".." in text:
        low, high = (parse_number(part) for part in text.split("..", 1))
        if high < low:
            raise BadInput(f"range '{text}': the second number is smaller than the first")
        return {"low": low, "high": high, "bound": "range"}
    for sign, bound in _BOUND_SIGNS.items():
        if text.startswith(sign):
            number = parse_number(text[len(sign) :])
            ends = {"at_least": {"low": number}, "at_most": {"high": number}}.get(bound, {})
            return {name: number, "bound": bound, **ends}
    return {name: parse_number(text)}


def _options(words: list[str], allowed: tuple[str, ...]) -> dict[str, str]:
    options = {}
    for word in words:
        key, _, option = word.partition("=")
        if key not in allowed or not option:
            raise BadInput(f"'{word}' is not understood here; allowed: {', '.join(f'{key}=…' for key in allowed)}")
        options[key] = option
    return options


def _parse_money(words: list[str]) -> Money:
    if len(words) < 2 or not re.fullmatch(r"[A-Z]{3}", words[0]):
        raise BadInput("MONEY needs a currency code and an amount, such as 'MONEY EUR 13.1e6'")
    fields = parse_amount(words[1], "amount") | _options(words[2:], ("per",))
    return Money(currency=words[0], **fields)


def _parse_percent(words: list[str]) -> Percent:
    if not words:
        raise BadInput("PERCENT needs a number, such as 'PERCENT 12 up'")
    fields: dict[str, Any] = parse_amount(words[0], "value")
    for word in words[1:]:
        if word in _PERCENT_UNITS:
            fields["unit"] = _PERCENT_UNITS[word]
        elif word in ("up", "down"):
            fields["direction"] = word
        else:
            raise BadInput(f"PERCENT: '{word}' is not understood; allowed: pp, bp, up, down")
    return Percent(**fields)


def _parse_quantity(words: list[str]) -> Quantity:
    if len(words) != 2:
        raise BadInput("QUANTITY needs a number and a unit, such as 'QUANTITY 1.2e3 employee'")
    return Quantity(unit=words[1], **parse_amount(words[0], "value"))


def _parse_ticker(words: list[str]) -> Ticker:
    if not words:
        raise BadInput("TICKER needs a symbol, such as 'TICKER NRVN NYSE'")
    rest = words[1:]
    exchange = rest.pop(0) if rest and "=" not in rest[0] else None
    return Ticker(symbol=words[0], exchange=exchange, **_options(rest, ("kind",)))  # type: ignore[arg-type]


def iso_days(text: str) -> tuple[datetime.date, datetime.date, str]:
    """First day, last day and grain of `2031`, `2031-H1`, `2031-Q3`, `2031-03`, `2031-W12` or `2031-03-14`."""
    if re.fullmatch(r"\d{4}-W\d{2}", text):
        try:
            monday = datetime.date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
        except ValueError:
            raise BadInput(f"'{text}' is not a week of the calendar") from None
        return monday, monday + datetime.timedelta(days=6), "week"
    match = _ISO_PERIOD.fullmatch(text)
    if match is None:
        raise BadInput(f"'{text}' is not a period: write 2031, 2031-H1, 2031-Q3, 2031-03, 2031-W12 or 2031-03-14")
    year = int(match["year"])
    first, months, grain = 1, 12, "year"
    if match["quarter"]:
        first, months, grain = 3 * int(match["quarter"]) - 2, 3, "quarter"
    elif match["half"]:
        first, months, grain = 6 * int(match["half"]) - 5, 6, "half"
    elif match["month"]:
        first, months, grain = int(match["month"]), 1, "month"
    try:
        if match["day"]:
            day = datetime.date(year, first, int(match["day"]))
            return day, day, "day"
        last = first + months - 1
        return datetime.date(year, first, 1), datetime.date(year, last, calendar.monthrange(year, last)[1]), grain
    except ValueError:
        raise BadInput(f"'{text}' is not a day or month of the calendar") from None


def _parse_period(words: list[str]) -> Period:
    if not words:
        raise BadInput("PERIOD needs a period, such as 'PERIOD 2031-Q3'")
    text, *rest = words
    fields: dict[str, Any] = {}
    if _FISCAL.fullmatch(text):
        fields = {"label": text, "grain": _GRAIN_OF_LETTER.get(text[7:8], "year"), "fiscal": True}
    elif unresolved := _UNRESOLVED.fullmatch(text):
        label = unresolved["label"]
        fields = {"label": label, "grain": _GRAIN_OF_LETTER.get(label[0], "month") if label else None}
    elif ".." in text:
        first, last = text.split("..", 1)
        fields = {"start": iso_days(first)[0], "end": iso_days(last)[1], "grain": "range"}
        if fields["end"] < fields["start"]:
            raise BadInput(f"period '{text}' ends before it begins")
    else:
        start, end, grain = iso_days(text)
        fields = {"start": start, "end": end, "grain": grain}
    for word in rest:
        if word in _GRAINS:
            fields["grain"] = word
        elif word == "fiscal":
            fields["fiscal"] = True
        else:
            raise BadInput(f"PERIOD: '{word}' is not understood; allowed: fiscal, {', '.join(_GRAINS)}")
    if fields["grain"] is None:
        raise BadInput("an unresolved PERIOD needs its grain, such as 'PERIOD ? quarter'")
    return Period(**fields)


_PARSERS = {
    "MONEY": _parse_money,
    "PERCENT": _parse_percent,
    "QUANTITY": _parse_quantity,
    "PERIOD": _parse_period,
    "TICKER": _parse_ticker,
}


def parse_annotation(text: str) -> tuple[str, Value | None]:
    """What stands in the round brackets: a label, and the value that its kind wants."""
    words = text.split()
    if not words:
        raise BadInput("the round brackets are empty: write a label")
    label, *rest = words
    if label not in _PARSERS:
        if rest:
            raise BadInput(f"{label} takes no value, got '{' '.join(rest)}'")
        return label, None
    return label, _PARSERS[label](rest)


@dataclass
class _Document:
    id: str
    line: int
    fields: dict[str, str]
    lines: list[tuple[int, str]] = field(default_factory=list)


def _parse_header(line: str, number: int, known: set[str]) -> _Document:
    words = line[2:].split()
    if not words or "=" in words[0]:
        raise BadInput("a document begins with '@ ID key=value …'")
    record_id, *rest = words
    fields = {}
    for word in rest:
        key, _, text = word.partition("=")
        if not text or key not in known:
            raise BadInput(f"'{word}' is not understood; known: {', '.join(sorted(known))}", record_id=record_id)
        if key in fields:
            raise BadInput(f"'{key}' is given twice", record_id=record_id)
        fields[key] = text
    return _Document(record_id, number, fields)


def _split_documents(path: Path, classifiers: set[str], log: ErrorLog) -> Iterator[_Document]:
    document: _Document | None = None
    try:
        lines = read_text(path).split("\n")
    except BadInput as error:
        log.handle(error)
        return
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if line.startswith("@ "):
            if document is not None:
                yield document
            document = None
            try:
                document = _parse_header(line, number, classifiers | _HEADER_FIELDS)
            except BadInput as error:
                log.handle(error.at(path=path, line=number))
        elif not line:
            if document is not None and document.lines:
                yield document
                document = None
        elif document is not None:
            document.lines.append((number, line))
        elif not line.startswith("#"):
            log.handle(BadInput("text outside a document: begin one with '@ ID key=value …'", path=path, line=number))
    if document is not None:
        yield document


def parse_inline(text: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and spans of a marked-up text.

    RAISES (BadInput): on brackets that do not match, nested spans, a value that does not parse.
    """
    plain: list[str] = []
    spans: list[dict[str, Any]] = []
    length = 0
    opened: int | None = None
    position = 0
    while position < len(text):
        char = text[position]
        position += 1
        if char == "\\":
            char = text[position : position + 1]
            position += 1
            if char not in ("[", "]", "\\", "n"):
                raise BadInput(f"'\\{char}' is not an escape: write \\[, \\], \\\\ or \\n")
            char = "\n" if char == "n" else char
        elif char == "[":
            if opened is not None:
                raise BadInput(f"a span inside a span at '{text[position - 1 : position + 30]}'")
            opened = length
            continue
        elif char == "]":
            if opened is None:
                raise BadInput(f"']' without '[' before '{text[position : position + 30]}': escape it as '\\]'")
            end = text.find(")", position)
            if text[position : position + 1] != "(" or end < 0:
                raise BadInput(f"'[{''.join(plain)[opened:]}]' must be followed by '(LABEL …)'")
            surface = "".join(plain)[opened:]
            try:
                label, value = parse_annotation(text[position + 1 : end])
            except BadInput as error:
                raise BadInput(f"'{surface}': {error.problem}") from None
            span = {"start": opened, "end": length, "label": label}
            if value is not None:
                span["value"] = value.to_json()
            spans.append(span)
            opened = None
            position = end + 1
            continue
        plain.append(char)
        length += 1
    if opened is not None:
        raise BadInput(f"'[{''.join(plain)[opened:][:30]}' is never closed: escape it as '\\[' if it is text")
    return "".join(plain), spans


def _to_record(document: _Document, domain: Domain) -> Record:
    missing = [key for key in (*domain.classifiers, "kind") if key not in document.fields]
    if missing:
        raise BadInput(f"the header lacks {', '.join(missing)}")
    if document.fields["kind"] not in KINDS:
        raise BadInput(f"kind must be one of {', '.join(KINDS)}, got '{document.fields['kind']}'")
    if not document.lines:
        raise BadInput("the document has no text")
    text, spans = parse_inline(" ".join(line for _, line in document.lines))
    for span in spans:
        domain.check_entity(span["label"])
    meta = {"kind": document.fields["kind"]}
    if "date" in document.fields:
        day, _, grain = iso_days(document.fields["date"])
        if grain != "day":
            raise BadInput(f"date must be a day such as 2031-10-24, got '{document.fields['date']}'")
        meta[REFERENCE_DATE] = day.isoformat()
    record = make_record(
        {
            "id": document.id,
            "text": text,
            "meta": meta,
            "spans": spans,
            "cats": {name: document.fields[name] for name in domain.classifiers},
            "layers": {NER: domain.entity_labels, **dict.fromkeys(domain.classifiers, True)},
        }
    )
    domain.check_labels(record)
    return record


def read_markup(path: Path, domain: Domain, log: ErrorLog) -> Iterator[Record]:
    """Read the records of one markup file; every layer of the domain is annotated in each."""
    seen: dict[str, int] = {}
    for document in _split_documents(path, set(domain.classifiers), log):
        try:
            record = _to_record(document, domain)
            if record.id in seen:
                raise BadInput(f"duplicate id, first used on line {seen[record.id]}")
        except BadInput as error:
            log.handle(error.at(path=path, line=document.line, record_id=document.id))
            continue
        seen[record.id] = document.line
        yield record
