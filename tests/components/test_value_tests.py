"""The cases of Microsoft Recognizers-Text come out as `value_tests_expected.jsonl` says (`value_tests`).

Without their texts, which are not part of the repository, the record and the mapping are tested.
"""

import datetime
from collections import Counter
from decimal import Decimal

import pytest

from bellwether import Money, Period
from tests.components import value_test_dates as dates
from tests.components import value_test_rules as rules
from tests.components.value_tests import (
    COUNTS,
    FLOORS,
    OUTCOMES,
    PROBLEMS,
    REASONS,
    Case,
    Found,
    Outcome,
    brief,
    find_folder,
    judge,
    load_record,
    make_language,
    measure,
    shares,
    text_hash,
)

RECORD = load_record()
FOLDER = find_folder()
NLP = make_language()
needs_texts = pytest.mark.skipif(
    FOLDER is None, reason="the texts of Recognizers-Text are not here: set ASSET_MIRROR to a folder with value_tests/"
)


@pytest.fixture(scope="module")
def results():
    return measure(FOLDER)


def test_record_has_every_case_once():
    assert Counter(line_id.partition("/")[0] for line_id in RECORD) == COUNTS


def is_complete(line):
    """Whether a line of the record says what it has to say, and nothing else."""
    outcome, names = line["outcome"], set(line.get("rules", ()))
    if outcome not in OUTCOMES or not names <= rules.RULES.keys():
        return False
    if outcome == "fails":
        reason, _, detail = line["reason"].partition(": ")
        return bool(line["problems"]) and set(line["problems"]) <= set(PROBLEMS) and reason in REASONS and bool(detail)
    if outcome == "out_of_scope":
        allowed = {function.__name__ for function in dates.OUT_OF_SCOPE}
        return line["id"].startswith("date/") and bool(names) and names <= allowed
    return "reason" not in line and bool(names) == (outcome == "agrees_by_convention")


def test_record_says_why():
    assert [line for line in RECORD.values() if not is_complete(line)] == []


@pytest.mark.parametrize("kind", COUNTS)
def test_share_that_agrees(kind):
    agree, scope, share = shares(RECORD.values())[kind]
    assert share >= FLOORS[kind], f"{kind}: {agree} of {scope}"


def test_every_rule_is_used():
    used = {name for line in RECORD.values() for name in line.get("rules", ())}
    assert used == rules.RULES.keys()


# what is written, their TIMEX3, the first and last day that they give, their `Mod`; what we may say, and by which rules
MAPPED = [
    ("4 May 2031", "2031-05-04", "2031-05-04", "", "", {"2031-05-04 day": ""}),
    ("May 2031", "2031-05", "2031-05-01", "2031-06-01", "", {"2031-05-01..2031-05-31 month": "exclusive_end"}),
    ("2031-Q1", "(2031-01-01,2031-04-01,P3M)", "2031-01-01", "2031-04-01", "",
     {"2031-01-01..2031-03-31 quarter": "exclusive_end"}),
    ("2031 to 2033", "(2031-01-01,2033-01-01,P2Y)", "2031-01-01", "2033-01-01", "",
     {"2031-01-01..2033-12-31 range": "last_unit_included"}),
    ("from Q1 2031 to Q2 2032", "(2031-01-01,2032-04-01,P15M)", "2031-01-01", "2032-04-01", "",
     {"2031-01-01..2032-06-30 range": "last_unit_included"}),
    ("2 to 9 May 2031", "(2031-05-02,2031-05-09,P7D)", "2031-05-02", "2031-05-09", "",
     {"2031-05-02..2031-05-09 range": ""}),
    ("the next 3 days", "(2031-10-25,2031-10-28,P3D)", "2031-10-25", "2031-10-28", "",
     {"2031-10-25..2031-10-27 range": "exclusive_end"}),
    ("the last 5 days", "(2031-10-19,2031-10-24,P5D)", "2031-10-19", "2031-10-24", "",
     {"2031-10-19..2031-10-23 range": "exclusive_end", "2031-10-20..2031-10-24 range": "today_included"}),
    ("year to date", "2031", "2031-01-01", "2031-10-24", "", {"2031-01-01..2031-10-24 range": "today_included"}),
    ("before 2031", "2031", "", "2031-01-01", "before", {"2031-01-01..2031-12-31 year": "bound_outside"}),
    ("after May", "XXXX-05", "2031-06-01", "", "after", {"2031-05-01..2031-05-31 month": "bound_outside"}),
    ("by the end of December", "XXXX-12", "", "2032-01-01", "before-end",
     {"2031-12-01..2031-12-31 month": "bound_outside"}),
    ("mid 2031", "2031", "2031-05-01", "2031-09-01", "mid", {"2031-01-01..2031-12-31 year": "vague_part"}),
    ("later this week", "2031-W43", "2031-10-24", "2031-10-27", "",
     {"2031-10-20..2031-10-26 week": "vague_part"}),
    ("the same week", "XXXX-WXX", "2031-10-20", "2031-10-27", "ref_undef",
     {"2031-10-20..2031-10-26 week": "undefined_reference", "week": "undefined_reference"}),
    ("the week of May 8th", "XXXX-05-08", "2031-05-05", "2031-05-12", "",
     {"2031-05-05..2031-05-11 week": "exclusive_end"}),
    ("fiscal 2031", "FY2031", "", "", "", {"year True FY2031": "fiscal_label"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "timex", "start", "end", "mod", "expected"), MAPPED)
def test_mapping_of_a_date(text, timex, start, end, mod, expected):
    is_day = bool(start) and not end and not mod
    value = (
        {"type": "date", "value": start} if is_day else {"type": "daterange", "start": start, "end": end, "Mod": mod}
    )
    item = {"text": text, "values": [{"timex": timex, **value}]}
    allowed = dates.period_allowed(dates.readings(item, datetime.date(2031, 10, 24)))
    assert {brief(option.value): ", ".join(option.rules) for option in allowed} == expected


def test_one_of_two_candidates():
    values = [{"timex": "XXXX-WXX-1", "type": "date", "value": day} for day in ("2031-10-20", "2031-10-27")]
    allowed = dates.period_allowed(dates.readings({"text": "Monday", "values": values}, None))
    assert [brief(option.value) for option in allowed] == ["2031-10-20 day", "2031-10-27 day"]
    assert all(option.rules == {"either_candidate"} for option in allowed)


def day(text, start, end, value="2031-05-04"):
    values = [{"timex": value, "type": "date", "value": value}]
    return {"text": text[start:end], "start": start, "end": end, "values": values}


def clock(text, start, end):
    values = [{"timex": "T15", "type": "time", "value": "15:00:00"}]
    return {"text": text[start:end], "start": start, "end": end, "values": values}


TEXT = "By the 4 May 2031 or at 3pm on Friday"
MAY = Found(7, 17, Period(start=datetime.date(2031, 5, 4), end=datetime.date(2031, 5, 4), grain="day"))
FRIDAY = Found(31, 37, Period(grain="day"))


@pytest.mark.parametrize(
    ("values", "found", "expected"),
    [
        ([], [], Outcome("agrees")),
        ([], [MAY], Outcome("fails", (), ("extra",))),
        ([day(TEXT, 7, 17)], [MAY], Outcome("agrees")),
        ([day(TEXT, 3, 17)], [MAY], Outcome("agrees_by_convention", ("article",))),
        ([day(TEXT, 0, 17)], [MAY], Outcome("agrees_by_convention", ("article", "words_outside"))),
        ([day(TEXT, 9, 17)], [MAY], Outcome("fails", (), ("span",))),
        ([day(TEXT, 7, 17)], [], Outcome("fails", (), ("missed",))),
        ([day(TEXT, 7, 17, "2031-05-05")], [MAY], Outcome("fails", (), ("value",))),
        ([day(TEXT, 7, 17)], [MAY, FRIDAY], Outcome("fails", (), ("extra",))),
        ([clock(TEXT, 24, 37)], [FRIDAY], Outcome("out_of_scope", ("clock_time",))),
        ([day(TEXT, 7, 17), clock(TEXT, 24, 37)], [MAY, FRIDAY], Outcome("agrees_by_convention", ("clock_time",))),
        ([day(TEXT, 7, 17), clock(TEXT, 24, 37)], [FRIDAY], Outcome("fails", ("clock_time",), ("missed",))),
    ],
)
def test_judgement(values, found, expected):
    case = Case("date/0", "date", TEXT, values, None)
    assert judge(case, NLP.make_doc(TEXT), found) == expected


MONEY_TEXT = "about $5 a share, 12 cents, the dollar"


@pytest.mark.parametrize(
    ("start", "end", "unit", "number", "value", "expected"),
    [
        (6, 8, "Dollar", "5", Money(amount=Decimal(5), currency="USD"), ("named_currency",)),
        (6, 8, "Dollar", "5", Money(amount=Decimal(5), currency="USD", bound="about", per="share"),
         ("named_currency", "typed_bound", "typed_per")),
        (6, 8, "Dollar", "5", Money(amount=Decimal(5), currency="EUR"), None),
        (6, 8, "Dollar", "6", Money(amount=Decimal(5), currency="USD"), None),
        (18, 26, "Cent", "12", Money(amount=Decimal("0.12"), currency="USD"), ("minor_unit", "named_currency")),
        (18, 26, "Cent", "12", Money(amount=Decimal(12), currency="USD"), None),
    ],
)  # fmt: skip
def test_judgement_of_money(start, end, unit, number, value, expected):
    items = [
        {"text": MONEY_TEXT[start:end], "start": start, "end": end, "unit": unit, "value": 1.0, "raw_value": number},
        {"text": "dollar", "start": 32, "end": 38, "unit": "Dollar", "value": None, "raw_value": "null"},
    ]
    case = Case("money/0", "money", MONEY_TEXT, items, None)
    outcome = judge(case, NLP.make_doc(MONEY_TEXT), [Found(start, end, value)])
    if expected is None:
        assert (outcome.outcome, outcome.problems) == ("fails", ("value",))
    else:
        assert outcome == Outcome("agrees_by_convention", tuple(sorted(("bare_unit", *expected))))


@needs_texts
@pytest.mark.parametrize("case_id", RECORD)
def test_case(case_id, results):
    case, found, outcome = results[case_id]
    line = RECORD[case_id]
    assert text_hash(case.text) == line["text"], "another edition of the cases: the record is about a different text"
    assert (outcome.outcome, list(outcome.problems), list(outcome.rules)) == (
        line["outcome"],
        line.get("problems", []),
        line.get("rules", []),
    ), f"{case.text!r} gives {found}; if that is right, run `python -m tests.components.value_tests` to record it"


@needs_texts
def test_record_has_no_other_cases(results):
    assert results.keys() == RECORD.keys()
