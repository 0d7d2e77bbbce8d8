"""The phrases that finance writes, read by all six normalizers in one pipeline, as a person in finance reads them.

The tables of the single components go deeper; here every notation meets the others.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language

from bellwether import Money, Percent, Period, Quantity, Ticker, Value

GAZETTEER = Path(__file__).parents[2] / "assets" / "gazetteers" / "companies.csv"
NORMALIZERS = ("money", "percent", "quantity", "ticker", "company", "period")


def make_pipeline(**settings: dict[str, Any]) -> Language:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "bellwether.Tokenizer.v1"}}})
    for name in NORMALIZERS:
        nlp.add_pipe(name, config=settings.get(name, {}))
    nlp.get_pipe("company").load_gazetteer(GAZETTEER)
    return nlp


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return make_pipeline()


def money(amount: str, currency: str = "USD", **fields: Any) -> Money:
    return Money(amount=Decimal(amount), currency=currency, **fields)


def money_range(low: str, high: str, currency: str = "USD", **fields: Any) -> Money:
    return Money(low=Decimal(low), high=Decimal(high), currency=currency, bound="range", **fields)


def percent(value: str, unit: Any = "percent", **fields: Any) -> Percent:
    return Percent(value=Decimal(value), unit=unit, **fields)


def count(value: str, unit: str, **fields: Any) -> Quantity:
    return Quantity(value=Decimal(value), unit=unit, **fields)


def days(start: str, end: str | None = None, grain: Any = "day", **fields: Any) -> Period:
    first = datetime.date.fromisoformat(start)
    last = first if end is None else datetime.date.fromisoformat(end)
    return Period(start=first, end=last, grain=grain, **fields)


def unknown(grain: Any, label: str | None = None) -> Period:
    return Period(grain=grain, label=label)


def fiscal(label: str, grain: Any) -> Period:
    return Period(grain=grain, fiscal=True, label=label)


def at_least(make: Callable[..., Value], number: str, *rest: str, **fields: Any) -> Value:
    return make(number, *rest, bound="at_least", low=Decimal(number), **fields)


def at_most(make: Callable[..., Value], number: str, *rest: str, **fields: Any) -> Value:
    return make(number, *rest, bound="at_most", high=Decimal(number), **fields)


Case = tuple[str, list[tuple[str, Value]]]

MONEY: list[Case] = [
    ("Sales were $4.2bn.", [("$4.2bn", money("4.2e9"))]),
    ("Net profit was EUR 13.1 mn.", [("EUR 13.1 mn", money("13.1e6", "EUR"))]),
    ("Net profit was EUR13.1m.", [("EUR13.1m", money("13.1e6", "EUR"))]),
    ("A loan of US$250 million was agreed.", [("US$250 million", money("250e6"))]),
    ("The order is worth Rs 10.4 crore.", [("Rs 10.4 crore", money("104e6", "INR"))]),
    ("The fee is 1.234,56 euros.", [("1.234,56 euros", money("1234.56", "EUR"))]),
    ("A charge of CHF 2.3mm was booked.", [("CHF 2.3mm", money("2.3e6", "CHF"))]),
    ("The miner paid A$75m.", [("A$75m", money("75e6", "AUD"))]),
    ("Tokyo spent ¥500bn.", [("¥500bn", money("500e9", "JPY"))]),
    ("The offer raised HK$9.8b.", [("HK$9.8b", money("9.8e9", "HKD"))]),
    ("Orders came to SEK 700 million.", [("SEK 700 million", money("700e6", "SEK"))]),
    ("The dividend is 12p.", [("12p", money("0.12", "GBP"))]),
    ("It cost half a million dollars.", [("half a million dollars", money("5e5"))]),
    ("It cost five hundred thousand euros.", [("five hundred thousand euros", money("5e5", "EUR"))]),
    ("A cost of €40k was booked.", [("€40k", money("4e4", "EUR"))]),
    ("A cost of €40mln was booked.", [("€40mln", money("4e7", "EUR"))]),
    ("The debt is $1.2tn.", [("$1.2tn", money("1.2e12"))]),
    ("The debt is 3.4 trillion yen.", [("3.4 trillion yen", money("3.4e12", "JPY"))]),
    ("A grant of ₹5 lakh was paid.", [("₹5 lakh", money("5e5", "INR"))]),
    ("The price is $1,234,567.89.", [("$1,234,567.89", money("1234567.89"))]),
    ("A loss of $(1.2) million was booked.", [("$(1.2) million", money("-1.2e6"))]),
    ("It pays 30 cents a share.", [("30 cents", money("0.3", per="share"))]),
    ("Copper costs $9,200 per tonne.", [("$9,200", money("9200", per="tonne"))]),
    ("It expects $3.1-3.3 billion.", [("$3.1-3.3 billion", money_range("3.1e9", "3.3e9"))]),
    ("It expects between $3.1bn and $3.3bn.", [("$3.1bn and $3.3bn", money_range("3.1e9", "3.3e9"))]),
    ("It expects 3 to 4 million euros.", [("3 to 4 million euros", money_range("3e6", "4e6", "EUR"))]),
    ("It will pay at least $5m.", [("$5m", at_least(money, "5e6"))]),
    ("It will pay more than $5m.", [("$5m", at_least(money, "5e6"))]),
    ("It will pay up to $5m.", [("$5m", at_most(money, "5e6"))]),
    ("It will pay about $5m.", [("$5m", money("5e6", bound="about"))]),
]

PERCENT: list[Case] = [
    ("The margin was 12%.", [("12%", percent("12"))]),
    ("The margin was 12 percent.", [("12 percent", percent("12"))]),
    ("The margin was 12 per cent.", [("12 per cent", percent("12"))]),
    ("The margin was 12 pct.", [("12 pct", percent("12"))]),
    ("Sales rose 12%.", [("12%", percent("12", direction="up"))]),
    ("Sales fell by 12%.", [("12%", percent("12", direction="down"))]),
    (
        "The margin rose by 2 percentage points.",
        [("2 percentage points", percent("2", "percentage_point", direction="up"))],
    ),
    ("It cut its rate by 25 basis points.", [("25 basis points", percent("25", "basis_point", direction="down"))]),
    ("Sales grew half a percent.", [("half a percent", percent("0.5", direction="up"))]),
    (
        "It expects a margin of 3-5%.",
        [("3-5%", Percent(low=Decimal(3), high=Decimal(5), bound="range"))],
    ),
    ("The change was -3%.", [("-3%", percent("-3", direction="down"))]),
]

QUANTITY: list[Case] = [
    ("The mine yields 4.5 million tonnes.", [("4.5 million tonnes", count("4.5e6", "tonne"))]),
    ("Output is 50,000 barrels per day.", [("50,000 barrels per day", count("50e3", "barrel/day"))]),
    ("The park has 300 MW.", [("300 MW", count("300", "megawatt"))]),
    ("It let 12,000 square metres.", [("12,000 square metres", count("12e3", "square_meter"))]),
    ("It has 1,200 employees.", [("1,200 employees", count("1200", "employee"))]),
    ("It sold two million shares.", [("two million shares", count("2e6", "share"))]),
    ("Spreads widened 25 basis points.", [("25 basis points", percent("25", "basis_point", direction="up"))]),
]

REFERENCE = datetime.date(2031, 10, 24)
DATED: list[Case] = [
    ("It will report on 14 March 2032.", [("14 March 2032", days("2032-03-14"))]),
    ("It will report on March 14, 2032.", [("March 14, 2032", days("2032-03-14"))]),
    ("It will report on 2032-03-14.", [("2032-03-14", days("2032-03-14"))]),
    ("It will report on 14/03/2032.", [("14/03/2032", days("2032-03-14"))]),
    ("It was founded in March 2019.", [("March 2019", days("2019-03-01", "2019-03-31", "month"))]),
    ("It was founded in 2019.", [("2019", days("2019-01-01", "2019-12-31", "year"))]),
    ("Sales rose in Q3 FY24.", [("Q3 FY24", fiscal("FY2024-Q3", "quarter"))]),
    ("Sales rose in 3Q23.", [("3Q23", days("2023-07-01", "2023-09-30", "quarter"))]),
    ("Sales rose in FY2023/24.", [("FY2023/24", fiscal("FY2024", "year"))]),
    ("Sales rose in fiscal 2024.", [("fiscal 2024", fiscal("FY2024", "year"))]),
    ("Sales rose in the third quarter.", [("the third quarter", days("2031-07-01", "2031-09-30", "quarter"))]),
    ("Sales rose in the first half of 2022.", [("the first half of 2022", days("2022-01-01", "2022-06-30", "half"))]),
    (
        "Sales rose in the year ended December 31, 2022.",
        [("the year ended December 31, 2022", days("2022-01-01", "2022-12-31", "year", fiscal=True))],
    ),
    ("Sales rose year-on-year.", [("year-on-year", unknown("year"))]),
    ("Shares are higher YTD.", [("YTD", days("2031-01-01", "2031-10-24", "range"))]),
    ("Margins fell in the previous quarter.", [("the previous quarter", days("2031-07-01", "2031-09-30", "quarter"))]),
    (
        "Profit was lower in Q3 2031 than a year earlier.",
        [
            ("Q3 2031", days("2031-07-01", "2031-09-30", "quarter")),
            ("a year earlier", days("2030-07-01", "2030-09-30", "quarter")),
        ],
    ),
    ("The plan runs from 2031 to 2033.", [("2031 to 2033", days("2031-01-01", "2033-12-31", "range"))]),
    ("Rates were low in 2019-2021.", [("2019-2021", days("2019-01-01", "2021-12-31", "range"))]),
]

UNDATED: list[Case] = [
    ("Sales rose in the third quarter.", [("the third quarter", unknown("quarter", "Q3"))]),
    ("Sales rose in the previous quarter.", [("the previous quarter", unknown("quarter"))]),
    ("Profit fell from a year earlier.", [("a year earlier", unknown("year"))]),
    ("Shares are higher YTD.", [("YTD", unknown("range"))]),
    ("Sales were flat LTM.", [("LTM", unknown("year"))]),
    ("It made revenue of 1200 units.", [("1200 units", count("1200", "unit"))]),
    ("It sold at a price of 12.5.", []),
    (
        "Rates may rise 5% to 4.2 by 2025.",
        [("5%", percent("5", direction="up")), ("2025", days("2025-01-01", "2025-12-31", "year"))],
    ),
]

TICKER: list[Case] = [
    ("$AAPL rose.", [("$AAPL", Ticker(symbol="AAPL"))]),
    ("Apple (NASDAQ: AAPL) rose.", [("NASDAQ: AAPL", Ticker(symbol="AAPL", exchange="NASDAQ"))]),
    ("AAPL.O rose.", [("AAPL.O", Ticker(symbol="AAPL", exchange="O"))]),
    ("LSE:VOD rose.", [("LSE:VOD", Ticker(symbol="VOD", exchange="LSE"))]),
    ("The note (US0378331005) rose.", [("US0378331005", Ticker(symbol="US0378331005", kind="isin"))]),
    ("The note (US0378331006) rose.", []),
    ("The note with CUSIP 037833100 rose.", [("037833100", Ticker(symbol="037833100", kind="cusip"))]),
    ("The share with SEDOL 0263494 rose.", [("0263494", Ticker(symbol="0263494", kind="sedol"))]),
    (
        "The filer has LEI HWUPKR0MPOU8FGXBT394.",
        [("HWUPKR0MPOU8FGXBT394", Ticker(symbol="HWUPKR0MPOU8FGXBT394", kind="lei"))],
    ),
    ("ALL of IT goes ON at A price.", []),
    ("Allstate (NYSE: ALL) rose.", [("NYSE: ALL", Ticker(symbol="ALL", exchange="NYSE"))]),
]


def read(nlp: Language, text: str, reference_date: datetime.date | None = None) -> list[tuple[str, Value]]:
    doc = nlp.make_doc(text)
    doc._.reference_date = reference_date
    return [(ent.text, ent._.value) for ent in nlp(doc).ents]


@pytest.mark.parametrize(("text", "expected"), [*MONEY, *PERCENT, *QUANTITY, *UNDATED, *TICKER])
def test_reads_as_a_person_in_finance(pipeline: Language, text: str, expected: list[tuple[str, Value]]) -> None:
    assert read(pipeline, text) == expected


@pytest.mark.parametrize(("text", "expected"), DATED)
def test_reads_a_period_on_the_day_it_was_written(
    pipeline: Language, text: str, expected: list[tuple[str, Value]]
) -> None:
    assert read(pipeline, text, REFERENCE) == expected


@pytest.mark.parametrize(
    ("text", "currency", "candidates"),
    [
        ("It paid $5m.", "USD", {"USD", "CAD", "AUD"}),
        ("It paid kr 5m.", None, {"SEK", "NOK", "DKK"}),
        ("It paid ¥5m.", "JPY", {"JPY", "CNY"}),
        ("It paid £5m.", "GBP", {"GBP", "EGP"}),
        # A country says nothing about "$": news about Canada is full of US dollars. Another amount does.
        ("The Toronto miner, listed in Canada, paid $5m.", "USD", {"CAD", "USD"}),
        ("The firm paid C$4m and later $5m.", "CAD", {"CAD", "USD"}),
        ("China spent ¥5m.", "CNY", {"CNY", "JPY"}),
    ],
)
def test_ambiguous_signs_are_ranked_candidates(
    pipeline: Language, text: str, currency: str | None, candidates: set[str]
) -> None:
    *_, (_, value) = read(pipeline, text)
    assert isinstance(value, Money)
    assert value.currency == currency
    assert currency is None or value.candidates[0] == currency
    assert candidates <= set(value.candidates)


def test_the_default_of_an_ambiguous_sign_is_a_setting() -> None:
    nlp = make_pipeline(money={"currencies": {"$": "CAD", "kr": "SEK"}})
    assert read(nlp, "It paid $5m and kr 7m.") == [("$5m", money("5e6", "CAD")), ("kr 7m", money("7e6", "SEK"))]


def test_a_fiscal_year_ends_where_its_company_says(pipeline: Language) -> None:
    """Apple's financial year ends in September, so its first quarter begins in October."""
    doc = pipeline.make_doc("Apple Inc. sold more in Q1 FY24.")
    doc.set_ents([doc.char_span(0, 10, label="ORG")])
    company, period = pipeline(doc).ents
    assert company._.company.ticker == "AAPL"
    assert company._.company.fiscal_year_end == 9
    assert period._.value == days("2023-10-01", "2023-12-31", "quarter", fiscal=True, label="FY2024-Q1")


def test_a_fiscal_year_ends_where_the_config_says() -> None:
    nlp = make_pipeline(period={"fiscal_year_end": 6})
    assert read(nlp, "Sales rose in fiscal 2024.") == [
        ("fiscal 2024", days("2023-07-01", "2024-06-30", "year", fiscal=True, label="FY2024"))
    ]


def test_a_ticker_names_its_company(pipeline: Language) -> None:
    (ticker,) = pipeline("$MSFT rose.").ents
    assert ticker._.company.name.startswith("Microsoft")
    assert ticker.kb_id_ == ticker._.company.id


def test_values_outlive_the_process(pipeline: Language, tmp_path: Path) -> None:
    texts = [text for text, _ in [*MONEY, *PERCENT, *QUANTITY, *UNDATED, *TICKER]]
    pipeline.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    for before, after in zip(pipeline.pipe(texts), again.pipe(texts), strict=True):
        assert [(ent.text, ent.label_, ent._.value) for ent in before.ents] == [
            (ent.text, ent.label_, ent._.value) for ent in after.ents
        ]


HOSTILE = [
    "It paid $1.2.3 million.",
    "It met on 31 February 2031 and on 45/13/2031.",
    f"It paid ${'9' * 100}.",
    f"It paid ${'9' * 1000}.",
    "It paid XQZ 5m.",
    "It paid $\u200b4.2\u200bbn in Q3\u200b 2031.",
    "It paid ＄４．２ billion in ２０３１.",
    "\u200fIt paid $5m\u200f in \u200e2031\u200e.",
    "Q" * 500 + "$" * 500 + "%" * 500,
    "",
    " \n\t",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_bad_input_gives_a_right_value_or_none(pipeline: Language, text: str) -> None:
    for ent in pipeline(text).ents:
        assert ent._.value is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It paid $\u200b4.2\u200bbn.", money("4.2e9")),
        ("It paid ＄４．２bn.", money("4.2e9")),
        ("It paid \u200f$4.2bn\u200f.", money("4.2e9")),
        (f"It paid ${'9' * 100}.", money("9" * 100)),
    ],
)
def test_what_looks_the_same_reads_the_same(pipeline: Language, text: str, expected: Value) -> None:
    assert [value for _, value in read(pipeline, text)] == [expected]


@pytest.mark.parametrize("piece", ["1", "$1 ", "1,", "(", "May ", "Q1 ", "A.", "one hundred ", "31/12/", "US03783310"])
def test_a_long_text_takes_time_in_proportion(pipeline: Language, piece: str) -> None:
    """A hundred thousand characters: a quadratic rule would not come back. `benchmark-normalizers` has the clock."""
    count = 100_000 // len(piece)
    words = [piece.strip()] * count if piece.endswith(" ") else [piece * count]
    doc = spacy.tokens.Doc(pipeline.vocab, words=words, spaces=[piece.endswith(" ")] * len(words))
    for _, component in pipeline.pipeline:
        doc = component(doc)
    assert doc.text.strip() == (piece * count).strip()
