"""The benchmark of the normalizers: what counts as the same value, and a run with a fake tool."""

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest

from bellwether.values import Money, Percent, Period, Quantity, Ticker, Value
from scripts import benchmark_normalizers
from scripts.benchmark.normalizers.accuracy import common_key, is_physical, is_plain, is_same, score_sentence, score_set
from scripts.benchmark.normalizers.result import Length
from scripts.benchmark.normalizers.sentences import LABELS, Gold, Sentence, authored_sentences, cut_records, nearest_to
from scripts.benchmark.normalizers.speed import compare_speed, fit_exponent
from scripts.benchmark.normalizers.tools import (
    Ours,
    Reading,
    ReadyDocs,
    Tool,
)
from scripts.benchmark.normalizers.tools.base import import_library
from scripts.records import make_record
from tests.conftest import Output
from tests.scripts.benchmark_values import days, gold, score, usd

D = Decimal
NO_COMPANIES = "ignore:The component 'company' has no companies"


SAME = {
    "digits": (usd("4.20"), usd("4.2")),
    "what is not compared of money": (usd("5", per="share", bound="at_least", low=D(5)), usd("5", candidates=("USD",))),
    "direction": (Percent(value=D(3), direction="up"), Percent(value=D(3))),
    "range": (
        Percent(low=D(3), high=D(5), bound="range"),
        Percent(low=D("3.0"), high=D(5), bound="range", direction="up"),
    ),
    "grain and label": (
        days("2031-07-01", "2031-09-30", grain="quarter", fiscal=True, label="FY2031-Q3"),
        days("2031-07-01", "2031-09-30"),
    ),
    "exchange": (Ticker(symbol="VOD", exchange="LSE"), Ticker(symbol="vod")),
}
DIFFERENT = {
    "amount": (usd("4"), usd("5")),
    "currency": (usd("4"), Money(amount=D(4), currency="EUR")),
    "unit of percent": (Percent(value=D(2)), Percent(value=D(2), unit="percentage_point")),
    "sign": (Percent(value=D(-2)), Percent(value=D(2))),
    "unit": (Quantity(value=D(5), unit="tonne"), Quantity(value=D(5), unit="ton")),
    "one end for a range": (Percent(low=D(3), high=D(5), bound="range"), Percent(value=D(5))),
    "end": (days("2031-01-01", "2031-12-31"), days("2031-01-01", "2032-01-01")),
    "type": (Percent(value=D(5)), Quantity(value=D(5), unit="percent")),
    "two periods without days": (Period(grain="day"), Period(grain="day")),
}


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME)
def test_the_same_by_the_common_measure(first: Value, second: Value) -> None:
    assert is_same(first, second)
    assert is_same(second, first)


@pytest.mark.parametrize(("first", "second"), DIFFERENT.values(), ids=DIFFERENT)
def test_different_by_the_common_measure(first: Value, second: Value) -> None:
    assert not is_same(first, second)
    assert not is_same(second, first)


def test_counts_of_things_are_no_physical_units() -> None:
    physical = {"tonne", "barrel/day", "square_meter", "megawatt_hour"}
    units = physical | {"share", "employee", "share/tonne", "barrel_maker"}
    assert {unit for unit in units if is_physical(Quantity(value=D(1), unit=unit))} == physical
    assert not is_physical(Percent(value=D(1)))


PLAIN = {
    "$9,420": usd("9420"),
    "EUR 13.10": Money(amount=D("13.1"), currency="EUR"),
    "Rs. 500": Money(amount=D(500), currency="INR"),
    "5 tonnes": Quantity(value=D(5), unit="tonne"),
    "March 2031": days("2031-03-01", "2031-03-31", grain="month"),
}
NOT_PLAIN = {
    "$4.2bn": usd("4.2e9"),
    "12p": Money(amount=D("0.12"), currency="GBP"),
    "1.234,56 euros": Money(amount=D("1234.56"), currency="EUR"),
    "$3-4": usd("3", low=D(3), high=D(4), bound="range"),
    "five dollars": usd("5"),
    "5 ships": Quantity(value=D(5), unit="ship"),
    "Q1 2031": days("2031-01-01", "2031-03-31", grain="quarter"),
    "fiscal 2031": days("2031-01-01", "2031-12-31", grain="year", fiscal=True),
    "5%": Percent(value=D(5)),
}


@pytest.mark.parametrize("surface", [*PLAIN, *NOT_PLAIN])
def test_what_general_libraries_set_out_to_read(surface: str) -> None:
    value = (PLAIN | NOT_PLAIN)[surface]
    assert is_plain(Gold(0, len(surface), type(value).__name__.upper(), value, surface)) == (surface in PLAIN)


def test_what_is_plain_is_counted_apart() -> None:
    plain, scaled = Gold(0, 6, "MONEY", usd("9420"), "$9,420"), Gold(9, 12, "MONEY", usd("3e6"), "$3m")
    found = score_sentence([plain, scaled], [(usd("9420"),)], ["MONEY"])["MONEY"]
    assert (found.gold, found.right, found.plain, found.plain_right) == (2, 1, 1, 1)


def test_a_reading_is_used_once() -> None:
    two = gold(usd("3"), usd("3"))
    assert score(two, [(usd("3"),)], "MONEY") == (2, 1, 0)
    assert score(two, [(usd("3"),)] * 3, "MONEY") == (2, 2, 1)


def test_an_open_reading_is_right_where_one_of_its_values_is() -> None:
    past, coming = days("2031-10-20", "2031-10-20"), days("2031-10-27", "2031-10-27")
    assert score(gold(coming), [(past, coming)], "PERIOD") == (1, 1, 0)
    assert score(gold(days("2031-10-21", "2031-10-21")), [(past, coming)], "PERIOD") == (1, 0, 1)


def test_periods_without_days_count_for_and_against_nobody() -> None:
    expected = gold(Period(grain="year"), days("2031-01-01", "2031-12-31"))
    assert common_key(expected[0].value) is None
    assert score(expected, [], "PERIOD") == (1, 0, 0)
    read = [(days("2030-01-01", "2030-12-31"),), (days("2031-01-01", "2031-12-31"),)]
    assert score(expected, read, "PERIOD") == (1, 1, 0)
    assert score(expected, [*read, (days("2029-01-01", "2029-01-01"),)], "PERIOD") == (1, 1, 1)


def test_a_tool_is_scored_on_its_labels_only() -> None:
    assert list(score_sentence(gold(usd("3"), Percent(value=D(3))), [(Percent(value=D(9)),)], ["MONEY"])) == ["MONEY"]


@pytest.mark.filterwarnings(NO_COMPANIES)
def test_ours_reads_and_the_ready_doc_gives_the_same() -> None:
    ours = Ours()
    text = "Norvane Oyj lifted its profit by 12% to EUR 13.1 mn"
    sentence = Sentence(id="s", text=text, day=datetime.date(2031, 10, 24), organisations=((0, 11),))
    expected = {Percent(value=D(12), direction="up"), Money(amount=D(13_100_000), currency="EUR")}
    for tool in (ours, ReadyDocs(ours)):
        readings = [value for (value,) in tool.read(sentence)]
        assert {value for value in readings if isinstance(value, Money | Percent)} == expected
    doc = ours.make_doc(sentence)
    assert [ent.text for ent in doc.ents] == ["Norvane Oyj"]
    assert doc._.reference_date == sentence.day


def test_the_authored_phrases_have_gold_of_every_label() -> None:
    sentences = authored_sentences()
    assert {item.label for sentence in sentences for item in sentence.gold} == set(LABELS)
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    assert all(sentence.text[item.start : item.end] == item.surface for sentence in sentences for item in sentence.gold)
    surfaces = {item.surface for sentence in sentences for item in sentence.gold}
    assert {"$4.2bn", "CHF 2.3mm", "half a million dollars", "3Q23", "the year ended December 31, 2022"} <= surfaces


def test_records_are_cut_into_sentences_but_not_inside_a_span() -> None:
    text = "Norvane Oyj fell. Sales were St. Croix 5 million. It ended."
    start = text.index("St. Croix")
    record = make_record(
        {
            "id": "r",
            "text": text,
            "meta": {"reference_date": "2031-10-24"},
            "spans": [
                {"start": 0, "end": 11, "label": "ORG"},
                {"start": text.index("fell"), "end": start + 9, "label": "LOC"},
                {
                    "start": text.index("5"),
                    "end": text.index("5") + 9,
                    "label": "QUANTITY",
                    "value": {"type": "quantity", "value": "5000000", "unit": "x"},
                },
            ],
            "layers": {"ner": ["ORG", "LOC", *LABELS]},
        }
    )
    first, second = cut_records([record])
    assert (first.text, second.text) == ("Norvane Oyj fell. Sales were St. Croix 5 million.", "It ended.")
    assert first.organisations == ((0, 11),)
    (item,) = first.gold
    assert first.text[item.start : item.end] == "5 million"
    assert first.day == second.day == datetime.date(2031, 10, 24)
    assert second.gold == ()


def test_the_timed_sentences_are_those_nearest_to_a_length() -> None:
    sentences = [Sentence(id=str(tokens), text="x", tokens=tokens) for tokens in (5, 29, 12, 33, 80)]
    assert [sentence.tokens for sentence in nearest_to(sentences, 30, 2)] == [29, 33]


class Fake(Tool):
    """Says that every sentence is about 3 US dollars, and fails on some."""

    name: ClassVar[str] = "fake"
    distributions: ClassVar[tuple[str, ...]] = ()
    labels = ("MONEY",)
    how: ClassVar[str] = "not at all"

    def run(self, prepared: Sentence) -> str:
        if "boom" in prepared.text:
            raise RuntimeError(prepared.text)
        return prepared.text

    def readings(self, raw: str) -> list[Reading]:
        return [(usd("3"),)]


def test_an_exception_of_a_library_is_a_sentence_without_readings() -> None:
    sentences = [
        Sentence(id="1", text="It paid $3.", gold=(Gold(8, 10, "MONEY", usd("3")),)),
        Sentence(id="2", text="boom $3", gold=(Gold(5, 7, "MONEY", usd("3")),)),
        Sentence(id="3", text="Nothing."),
    ]
    result = score_set("three", sentences, [Fake()])
    found = result.scores["fake"]
    assert (found.sentences, found.errors) == (3, 1)
    assert (found.labels["MONEY"].gold, found.labels["MONEY"].right, found.labels["MONEY"].false) == (2, 1, 1)
    speed = compare_speed([Fake()], sentences, reference="fake", rounds=2, seed=0)["fake"]
    assert (speed.errors, len(speed.seconds), speed.times_ours) == (1, 2, 1.0)


def test_the_exponent_tells_linear_from_quadratic() -> None:
    def lengths(power: int) -> list[Length]:
        return [Length(n, 10 * n, 50 * n, float(n**power), {}, 1.0) for n in (1, 2, 4, 8)]

    assert fit_exponent(lengths(1)) == pytest.approx(1)
    assert fit_exponent(lengths(2)) == pytest.approx(2)
    assert fit_exponent(lengths(2)[:1]) == 1


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A dev split of two records, in tmp_path."""
    layers = {"ner": ["ORG", *LABELS]}
    money = {
        "start": 13,
        "end": 16,
        "label": "MONEY",
        "value": {"type": "money", "amount": "3000000", "currency": "USD"},
    }
    records = [
        {"id": "a", "text": "Norvane paid $3m for pumps.", "spans": [money], "layers": layers},
        {"id": "b", "text": "It said nothing else.", "layers": layers},
        {"id": "c", "text": "Not annotated: $9m.", "layers": {}},
    ]
    path = tmp_path / "corpus" / "dev.jsonl"
    path.parent.mkdir()
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


SMALL = ("benchmark-normalizers", "--rounds", "1", "--sentences", "2")


@pytest.fixture
def only_ours_and_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark_normalizers, "TOOLS", {"ours": Ours, "fake": Fake})
    monkeypatch.setattr(benchmark_normalizers, "DOUBLINGS", (1, 2))
    monkeypatch.setattr(benchmark_normalizers, "COST_ROUNDS", 1)
    monkeypatch.setattr(benchmark_normalizers, "GROWTH_ROUNDS", 1)


@pytest.mark.usefixtures("only_ours_and_fake", "corpus")
@pytest.mark.filterwarnings(NO_COMPANIES)
def test_a_run_writes_the_report(tmp_path: Path, run_step: Callable[..., Output]) -> None:
    done = run_step(*SMALL)
    assert (done.status, done.failures) == (0, [])
    data = json.loads((tmp_path / "reports" / "normalizers.json").read_text())
    authored, split = data["accuracy"]
    assert (authored["name"], split["name"]) == ("Authored phrases", "Starter corpus, dev")
    assert split["sentences"] == 2
    assert split["scores"]["ours"]["labels"]["MONEY"]["right"] == 1
    assert split["scores"]["fake"]["labels"]["MONEY"] == {
        "gold": 1, "right": 0, "false": 2, "plain": 0, "plain_right": 0
    }  # fmt: skip
    assert split["strict"]["MONEY"] == {"gold": 1, "right": 1}
    assert set(data["speed"]) == {"ours", "ours, on ready docs", "fake"}
    first, second = data["growth"]["lengths"]
    assert (first["times"], second["times"], first["step"]) == (1, 2, None)
    assert second["step"] == pytest.approx(second["ms"] / first["ms"], rel=0.01)
    assert data["cost"]["fastest_ms"] <= data["cost"]["total_ms"]
    assert data["run"]["processor"]
    tables = (tmp_path / "reports" / "normalizers.md").read_text()
    assert "|  | ours | fake | ours, strict |" in tables
    assert "| MONEY | 100.0% (1/1) | 0.0% (0/1) | 100.0% (1/1) |" in tables
    assert "| fake | MONEY | " in tables
    assert (tmp_path / "reports" / "normalizers.svg").read_text().count("<svg") == 1
    assert "Starter corpus, dev, 2 sentences: same value" in done.out


@pytest.mark.usefixtures("only_ours_and_fake", "corpus")
@pytest.mark.filterwarnings(NO_COMPANIES)
def test_a_dry_run_names_tools_and_sentences_and_writes_nothing(
    tmp_path: Path, run_step: Callable[..., Output]
) -> None:
    done = run_step(*SMALL, "--dry-run")
    assert done.status == 0
    assert "spacy-bellwether" in done.out
    assert "dev: 2 sentences with 1 MONEY, 0 PERCENT" in done.out
    assert "Timed: 2 sentences, 1 rounds and one to warm up" in done.out
    assert "Estimate:" in done.out
    assert not (tmp_path / "reports").exists()


class Missing(Fake):
    name: ClassVar[str] = "missing"
    distributions: ClassVar[tuple[str, ...]] = ("a-library-that-nobody-wrote",)


class Broken(Fake):
    name: ClassVar[str] = "broken"

    def __init__(self) -> None:
        import_library(self.name, "a_library_that_nobody_wrote")


@pytest.mark.usefixtures("corpus")
@pytest.mark.filterwarnings(NO_COMPANIES)
def test_missing_libraries_are_named_and_left_out(
    monkeypatch: pytest.MonkeyPatch, run_step: Callable[..., Output]
) -> None:
    monkeypatch.setattr(benchmark_normalizers, "TOOLS", {"ours": Ours, "missing": Missing, "broken": Broken})
    done = run_step(*SMALL, "--dry-run")
    assert done.status == 0
    assert "missing: the package 'a-library-that-nobody-wrote' is not installed" in done.out
    assert "broken: 'a_library_that_nobody_wrote' cannot be imported" in done.out
    assert done.out.count("pip install -r requirements-benchmark.txt") == 2


@pytest.mark.usefixtures("corpus")
def test_a_missing_library_that_was_asked_for_is_an_error(
    monkeypatch: pytest.MonkeyPatch, run_step: Callable[..., Output]
) -> None:
    monkeypatch.setattr(benchmark_normalizers, "TOOLS", {"ours": Ours, "missing": Missing})
    done = run_step(*SMALL, "--tools", "missing")
    assert done.status == 1
    (message,) = done.failures
    assert message.startswith("missing: the package 'a-library-that-nobody-wrote' is not installed: pip install -r")


MISTAKES = {
    "split": (("--split", "all"), "--split must be one of train, dev, test, got 'all'"),
    "tool": (("--tools", "ours,duckling"), "--tools: unknown tool 'duckling'; there are ours, recognizers-text"),
    "no corpus": (("--corpus", "elsewhere"), "elsewhere/dev.jsonl: file not found: run the step 'convert' first"),
}


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(("options", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_call_is_one_message(
    run_step: Callable[..., Output], options: tuple[str, ...], reason: str
) -> None:
    done = run_step(*SMALL, *options)
    assert done.status == 1
    (message,) = done.failures
    assert message.startswith(reason)


def test_a_split_without_annotation_is_an_error(tmp_path: Path, run_step: Callable[..., Output]) -> None:
    (tmp_path / "dev.jsonl").write_text('{"id": "a", "text": "It paid $3m."}\n')
    done = run_step(*SMALL, "--corpus", ".")
    assert done.status == 1
    assert "no record is annotated for MONEY, PERCENT, QUANTITY, PERIOD, TICKER" in done.out
