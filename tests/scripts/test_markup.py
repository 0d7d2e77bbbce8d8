"""The inline markup: the author's README and the parser say the same, and errors name file, line and id."""

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bellwether import Money, Percent, Period, Quantity, Ticker, Value
from scripts.domain import Domain
from scripts.errors import BadInput, ErrorLog
from scripts.markup import parse_annotation, parse_inline, read_markup
from scripts.records import Record
from tests.conftest import STARTER

README = (STARTER / "README.md").read_text(encoding="utf-8")
RULES = README.partition("## Values")[2].partition("## Sentiment")[0]
# The examples of the README: every marked span with a value, and the bare quantities.
EXAMPLES = sorted(
    set(re.findall(r"\[[^\]]+\]\(([A-Z]+ [^)]+)\)", RULES))
    | {
        f"QUANTITY {match}"
        for match in re.findall(r"`(\d[^`]*)`", RULES.partition("**QUANTITY**")[2].partition("\n")[0])
    }
)

D = Decimal


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def period(start: str, end: str, grain: str, *, fiscal: bool = False) -> Period:
    return Period(start=day(start), end=day(end), grain=grain, fiscal=fiscal)  # type: ignore[arg-type]


EXPECTED: dict[str, Value] = {
    "MONEY USD 4.2e9": Money(amount=D("4200000000"), currency="USD"),
    "MONEY CHF >=2.3e6": Money(amount=D("2300000"), currency="CHF", low=D("2300000"), bound="at_least"),
    "MONEY GBP <=40e6": Money(amount=D("40000000"), currency="GBP", high=D("40000000"), bound="at_most"),
    "MONEY INR ~104e6": Money(amount=D("104000000"), currency="INR", bound="about"),
    "MONEY USD 3.1e9..3.3e9": Money(low=D("3100000000"), high=D("3300000000"), currency="USD", bound="range"),
    "MONEY GBP 0.12 per=share": Money(amount=D("0.12"), currency="GBP", per="share"),
    "MONEY USD -1.2e6": Money(amount=D("-1200000"), currency="USD"),
    "PERCENT -3 down": Percent(value=D(-3), direction="down"),
    "QUANTITY 1.2e3 employee": Quantity(value=D(1200), unit="employee"),
    "QUANTITY 50e3 barrel/day": Quantity(value=D(50000), unit="barrel/day"),
    "QUANTITY 300 megawatt": Quantity(value=D(300), unit="megawatt"),
    "QUANTITY 2e6 share": Quantity(value=D(2000000), unit="share"),
    "QUANTITY 4.5e6 tonne": Quantity(value=D(4500000), unit="tonne"),
    "QUANTITY 12e3 square_meter": Quantity(value=D(12000), unit="square_meter"),
    "QUANTITY 45 aircraft": Quantity(value=D(45), unit="aircraft"),
    "QUANTITY 3 store": Quantity(value=D(3), unit="store"),
    "PERIOD 2031": period("2031-01-01", "2031-12-31", "year"),
    "PERIOD 2031-03": period("2031-03-01", "2031-03-31", "month"),
    "PERIOD 2031-03-14": period("2031-03-14", "2031-03-14", "day"),
    "PERIOD 2031-Q3": period("2031-07-01", "2031-09-30", "quarter"),
    "PERIOD 2030-Q3": period("2030-07-01", "2030-09-30", "quarter"),
    "PERIOD 2032-H1": period("2032-01-01", "2032-06-30", "half"),
    "PERIOD 2032-W13": period("2032-03-22", "2032-03-28", "week"),
    "PERIOD 2031..2033": period("2031-01-01", "2033-12-31", "range"),
    "PERIOD 2031-03-03..2031-03-07": period("2031-03-03", "2031-03-07", "range"),
    "PERIOD 2030-07-01..2031-06-30 year fiscal": period("2030-07-01", "2031-06-30", "year", fiscal=True),
    "PERIOD 2032-04-01..2033-03-31 year fiscal": period("2032-04-01", "2033-03-31", "year", fiscal=True),
    "PERIOD 2031-01-01..2031-10-24 range": period("2031-01-01", "2031-10-24", "range"),
    "PERIOD FY2032": Period(grain="year", fiscal=True, label="FY2032"),
    "PERIOD FY2032-Q3": Period(grain="quarter", fiscal=True, label="FY2032-Q3"),
    "PERIOD FY2033-H1": Period(grain="half", fiscal=True, label="FY2033-H1"),
    "PERIOD ?-Q3": Period(grain="quarter", label="Q3"),
    "PERIOD ?-03": Period(grain="month", label="03"),
    "PERIOD ? year": Period(grain="year"),
    "PERIOD ? day": Period(grain="day"),
    "PERIOD ? range": Period(grain="range"),
    "TICKER NRVN": Ticker(symbol="NRVN"),
    "TICKER NRVN NYSE": Ticker(symbol="NRVN", exchange="NYSE"),
    "TICKER NRVN HE": Ticker(symbol="NRVN", exchange="HE"),
}

# What the README says in words only.
FURTHER: dict[str, Value] = {
    "PERCENT 12": Percent(value=D(12)),
    "PERCENT 12 up": Percent(value=D(12), direction="up"),
    "PERCENT 25 bp down": Percent(value=D(25), unit="basis_point", direction="down"),
    "PERCENT 1.5 pp up": Percent(value=D("1.5"), unit="percentage_point", direction="up"),
    "PERCENT >=4": Percent(value=D(4), low=D(4), bound="at_least"),
    "PERCENT 6..8 up": Percent(low=D(6), high=D(8), bound="range", direction="up"),
    "PERCENT -3..-1": Percent(low=D(-3), high=D(-1), bound="range"),
    "MONEY JPY ~1.5e12 per=barrel": Money(amount=D("1500000000000"), currency="JPY", bound="about", per="barrel"),
    "QUANTITY <=2e3 job": Quantity(value=D(2000), unit="job", high=D(2000), bound="at_most"),
    "QUANTITY 3..5 store": Quantity(low=D(3), high=D(5), unit="store", bound="range"),
    "PERIOD 2032-02": period("2032-02-01", "2032-02-29", "month"),
    "PERIOD 2030-W01": period("2029-12-31", "2030-01-06", "week"),
    "PERIOD 2032-03-22..2032-03-28 week": period("2032-03-22", "2032-03-28", "week"),
    "PERIOD ?-H2": Period(grain="half", label="H2"),
    "TICKER US0000000002 kind=isin": Ticker(symbol="US0000000002", kind="isin"),
    "TICKER NRVN HE kind=ticker": Ticker(symbol="NRVN", exchange="HE"),
}


def test_every_example_of_the_readme_is_in_the_table() -> None:
    assert len(EXAMPLES) > 30
    assert [example for example in EXAMPLES if example not in EXPECTED] == []


@pytest.mark.parametrize("annotation", [*EXPECTED, *FURTHER])
def test_a_value_means_what_the_readme_says(annotation: str) -> None:
    label, value = parse_annotation(annotation)
    assert label == annotation.partition(" ")[0]
    assert value == (EXPECTED | FURTHER)[annotation]


def test_the_document_of_the_readme(tmp_path: Path, domain: Domain) -> None:
    path = tmp_path / "readme.txt"
    (block,) = re.findall(r"((?:^    .*\n)+)", README, re.MULTILINE)
    path.write_text(re.sub("^    ", "", block, flags=re.MULTILINE))
    (record,) = read_markup(path, domain, ErrorLog())
    assert record.id == "earnings-001"
    assert record.text == "Norvane Oyj lifted net profit to EUR 13.1 mn in Q3, from EUR 9.4 mn a year earlier."
    assert [(record.text[span.start : span.end], span.label) for span in record.spans] == [
        ("Norvane Oyj", "ORG"),
        ("net profit", "METRIC"),
        ("EUR 13.1 mn", "MONEY"),
        ("Q3", "PERIOD"),
        ("EUR 9.4 mn", "MONEY"),
        ("a year earlier", "PERIOD"),
    ]
    assert record.meta == {"kind": "wire", "reference_date": "2031-10-24"}
    assert record.cats == {"sentiment": "positive", "category": "earnings"}
    assert record.layers == {"ner": domain.entity_labels, "sentiment": True, "category": True}


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        (r"a \[b\] \\ c", r"a [b] \ c"),
        (r"one\ntwo", "one\ntwo"),
        (r"[A \[B\] C](ORG)", "A [B] C"),
        ("a (b) c", "a (b) c"),
        ("([NYSE: NRVN](TICKER NRVN NYSE))", "(NYSE: NRVN)"),
        ("", ""),
    ],
)
def test_escapes(marked: str, text: str) -> None:
    assert parse_inline(marked)[0] == text


@given(st.lists(st.tuples(st.text(), st.text(min_size=1)), max_size=4))
def test_any_text_can_be_written(parts: list[tuple[str, str]]) -> None:
    def escape(text: str) -> str:
        return re.sub(r"([\[\]\\])", r"\\\1", text).replace("\n", r"\n")

    marked = "".join(f"{escape(before)}[{escape(name)}](ORG)" for before, name in parts)
    text, spans = parse_inline(marked)
    assert text == "".join(before + name for before, name in parts)
    assert [text[span["start"] : span["end"]] for span in spans] == [name for _, name in parts]


HEADER = "@ x-1 sentiment=neutral category=macro kind=wire"
BAD_DOCUMENTS = {
    "span never closed": ("[Norvane rose", "'[Norvane rose' is never closed"),
    "span never opened": ("Norvane] rose", "']' without '['"),
    "span in a span": ("[The [Bank](ORG)](ORG)", "a span inside a span"),
    "span without a label": ("[Norvane] rose", "'[Norvane]' must be followed by '(LABEL …)'"),
    "empty label": ("[Norvane]() rose", "'Norvane': the round brackets are empty"),
    "unknown label": ("[Norvane](COMPANY) rose", "unknown entity label 'COMPANY': the domain has ORG"),
    "value of a name": ("[Norvane](ORG NRVN) rose", "ORG takes no value, got 'NRVN'"),
    "unknown escape": (r"a\tb", r"'\t' is not an escape"),
    "escape at the end": ("a\\", "is not an escape"),
    "empty span": ("a [](ORG)", "span 2-2 ORG is empty"),
    "padded span": ("a [b ](ORG)", "begins or ends with white space"),
    "money without currency": ("[$3](MONEY 3)", "'$3': MONEY needs a currency code and an amount"),
    "money in words": ("[$3](MONEY USD three)", "'three' is not a number"),
    "endless number": ("[$3](MONEY USD 1e999999999)", "'1e999999999' is not a number"),
    "infinite number": ("[$3](MONEY USD Infinity)", "'Infinity' is not a number"),
    "reversed range": ("[$3](MONEY USD 5..3)", "the second number is smaller"),
    "unknown option": ("[$3](MONEY USD 3 for=share)", "'for=share' is not understood here; allowed: per=…"),
    "percent without number": ("[3%](PERCENT)", "PERCENT needs a number"),
    "unknown direction": ("[3%](PERCENT 3 sideways)", "'sideways' is not understood; allowed: pp, bp, up, down"),
    "quantity without unit": ("[3](QUANTITY 3)", "QUANTITY needs a number and a unit"),
    "period without value": ("[May](PERIOD)", "PERIOD needs a period"),
    "no such month": ("[May](PERIOD 2031-13)", "'2031-13' is not a day or month of the calendar"),
    "no such day": ("[May](PERIOD 2031-02-29)", "'2031-02-29' is not a day or month of the calendar"),
    "no such week": ("[May](PERIOD 2031-W54)", "'2031-W54' is not a week of the calendar"),
    "no such quarter": ("[May](PERIOD 2031-Q5)", "'2031-Q5' is not a period"),
    "unresolved without grain": ("[then](PERIOD ?)", "an unresolved PERIOD needs its grain"),
    "reversed period": ("[then](PERIOD 2033..2031)", "ends before it begins"),
    "unknown grain": ("[May](PERIOD 2031-05 decade)", "'decade' is not understood"),
    "ticker without symbol": ("[NRVN](TICKER)", "TICKER needs a symbol"),
    "unknown kind of ticker": ("[NRVN](TICKER NRVN kind=name)", "'kind' must be one of ticker, isin"),
    "no text": ("", "the document has no text"),
}


@pytest.mark.parametrize(("body", "reason"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
def test_a_bad_document_is_named_by_file_line_and_id(tmp_path: Path, domain: Domain, body: str, reason: str) -> None:
    path = tmp_path / "macro.txt"
    path.write_text(f"# a comment\n\n{HEADER}\n{body}\n\n@ x-2 sentiment=neutral category=macro kind=wire\nfine\n")
    with pytest.raises(BadInput) as caught:
        list(read_markup(path, domain, ErrorLog()))
    assert str(caught.value).startswith(f"{path}:3: id 'x-1': ")
    assert reason in caught.value.problem
    log = ErrorLog("skip")
    assert [record.id for record in read_markup(path, domain, log)] == ["x-2"]
    assert len(log.skipped) == 1


BAD_HEADERS = {
    "@ x-1 sentiment=neutral kind=wire": "the header lacks category",
    "@ x-1 sentiment=neutral category=macro": "the header lacks kind",
    "@ x-1 sentiment=neutral category=macro kind=poem": "kind must be one of headline, wire",
    "@ x-1 sentiment=glad category=macro kind=wire": "unknown sentiment label 'glad'",
    "@ x-1 sentiment=neutral sentiment=positive category=macro kind=wire": "'sentiment' is given twice",
    "@ x-1 sentiment=neutral category=macro kind=wire mood=glad": "'mood=glad' is not understood",
    "@ x-1 sentiment=neutral category=macro kind=wire date=2031-02-30": "'2031-02-30' is not a day",
    "@ x-1 sentiment=neutral category=macro kind=wire date=2031": "date must be a day such as 2031-10-24, got '2031'",
    "@ sentiment=neutral category=macro kind=wire": "a document begins with '@ ID key=value …'",
}


@pytest.mark.parametrize(("header", "reason"), BAD_HEADERS.items())
def test_a_bad_header_is_named_by_file_and_line(tmp_path: Path, domain: Domain, header: str, reason: str) -> None:
    path = tmp_path / "macro.txt"
    path.write_text(f"\n{header}\ntext\n")
    with pytest.raises(BadInput) as caught:
        list(read_markup(path, domain, ErrorLog()))
    assert (caught.value.path, caught.value.line) == (path, 2)
    assert reason in str(caught.value)


def read(path: Path, content: str | bytes, domain: Domain) -> list[Record]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_markup(path, domain, ErrorLog()))


def test_a_text_may_begin_with_a_hash(tmp_path: Path, domain: Domain) -> None:
    content = f"# comment\n{HEADER}\n#[FOMC](ORG) day\n# not a comment\n\n# comment\n"
    (record,) = read(tmp_path / "a.txt", content, domain)
    assert record.text == "#FOMC day # not a comment"


def test_line_numbers_are_those_of_an_editor(tmp_path: Path, domain: Domain) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path / "a.txt", f"{HEADER}\nodd\u2028spaces\x0c and \x85 more\n\nlost\n", domain)
    assert caught.value.line == 4
    assert "text outside a document" in caught.value.problem


def test_the_second_use_of_an_id_names_the_first(tmp_path: Path, domain: Domain) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path / "a.txt", f"{HEADER}\none\n\n{HEADER}\ntwo\n", domain)
    assert str(caught.value) == f"{tmp_path}/a.txt:4: id 'x-1': duplicate id, first used on line 1"


def test_a_file_that_is_not_utf8(tmp_path: Path, domain: Domain) -> None:
    with pytest.raises(BadInput, match="not UTF-8: byte 0xe9") as caught:
        read(tmp_path / "a.txt", f"{HEADER}\nA caf".encode() + b"\xe9\n", domain)
    assert caught.value.line == 2
