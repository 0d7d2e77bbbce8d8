"""The cases of Microsoft Recognizers-Text (MIT) as a conformance test of `money`, `percent` and `period`.

The texts are not part of the repository. They are looked for in `$ASSET_MIRROR/value_tests` and in
`../shared/data/value_tests`: `money.jsonl`, `percent.jsonl`, `date.jsonl`, one case a line with its text, its answers
and the day it was written. In the repository is the record, `value_tests_expected.jsonl`: for each case the first 12
digits of the SHA-256 of its text, and what becomes of it:

* `agrees`: every answer found, with equal span and value, and nothing else;
* `agrees_by_convention`: the same after rules of `value_test_rules.RULES`, which the record names;
* `out_of_scope`: a date case whose answers are all clock times, durations or recurrences, by the type of the answer;
* `fails`: with what went wrong, what we read, and a reason that begins with one of `REASONS`.

    python -m tests.components.value_tests                    measure, write the record anew, keep its reasons
    python -m tests.components.value_tests --failures date    list what fails, by what goes wrong; writes nothing
"""

import argparse
import datetime
import hashlib
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from wasabi import msg

from bellwether import Value
from bellwether.normalizers.base import Normalizer
from bellwether.normalizers.money import MoneyNormalizer
from bellwether.normalizers.percent import PercentNormalizer
from bellwether.normalizers.period import PeriodNormalizer
from bellwether.tokenizer import create_tokenizer
from tests.components import value_test_dates as dates
from tests.components import value_test_rules as rules
from tests.components.value_test_rules import Allowed, Expectation

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
RECORD = Path(__file__).with_name("value_tests_expected.jsonl")
COUNTS = {"money": 180, "percent": 20, "date": 985}
FLOORS = {"money": 0.95, "percent": 0.95, "date": 0.80}
OUTCOMES = ("agrees", "agrees_by_convention", "out_of_scope", "fails")
PROBLEMS = ("missed", "value", "span", "extra")

TODO = "todo"
REASONS: dict[str, str] = {
    "source": "their answer is wrong, or at odds with the rest of the text or with another answer of theirs",
    "reading": "the text allows both readings, and ours is the one that financial text means more often",
    "guideline": "by our annotation guideline this is not a period, or has another span",
    "chat": "what people say to an assistant and financial text does not; left out so that nothing is found by mistake",
    "notation": "a way to write a date that nobody uses in financial text; left out for the same reason",
    "limit": "a person would read it as they do; we read a part of it or nothing",
    "defect": "a person would read it as they do; we give the whole of it a wrong value",
}
"""Why a case fails. A reason in the record is one of these, a colon, and what is special about the case."""


class Case(NamedTuple):
    """A case of theirs. values (list): their answers, with bounds in characters."""

    id: str
    kind: str
    text: str
    values: list[Json]
    reference: datetime.date | None


class Found(NamedTuple):
    """An expression that our component found."""

    start: int
    end: int
    value: Value


class Outcome(NamedTuple):
    """What becomes of a case.

    outcome (str): one of `OUTCOMES`.
    rules (tuple): of the mapping, in alphabetical order.
    problems (tuple): where it fails, of `PROBLEMS`.
    """

    outcome: str
    rules: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def find_folder() -> Path | None:
    """RETURNS (Path | None): where the texts are; None on a machine without them."""
    mirror = os.environ.get("ASSET_MIRROR")
    folders = [Path(mirror) / "value_tests"] if mirror else []
    folders.append(ROOT.parent / "shared" / "data" / "value_tests")
    return next((folder for folder in folders if all((folder / f"{kind}.jsonl").is_file() for kind in COUNTS)), None)


def load_cases(folder: Path, kind: str) -> list[Case]:
    cases = []
    for line in (folder / f"{kind}.jsonl").read_text("utf8").splitlines():
        data = json.loads(line)
        day = data.get("reference")
        reference = datetime.date.fromisoformat(day[:10]) if day else None
        cases.append(Case(f"{kind}/{data['id'].rpartition('#')[2]}", kind, data["text"], data["values"], reference))
    return cases


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf8")).hexdigest()[:12]


def make_components() -> dict[str, Normalizer]:
    """The normalizer of each kind, set for general English: American dates, and "the next 3 days" is a period."""
    return {
        "money": MoneyNormalizer(),
        "percent": PercentNormalizer(),
        "date": PeriodNormalizer(anchored_durations=True, date_order="mdy"),
    }


def make_language() -> Language:
    nlp = spacy.blank("en")
    nlp.tokenizer = create_tokenizer(nlp)
    return nlp


def read(component: Normalizer, nlp: Language, case: Case) -> tuple[Doc, list[Found]]:
    """RETURNS (tuple): the doc of a case, and what our component finds."""
    doc = nlp.make_doc(case.text)
    doc._.reference_date = case.reference
    doc = component(doc)
    return doc, [Found(ent.start_char, ent.end_char, ent._.value) for ent in doc.ents]


def expect(case: Case, doc: Doc) -> list[Expectation] | Outcome:
    """RETURNS (list | Outcome): what is expected of a case in our terms; or that it is out of scope, and why."""
    expected = []
    outside = []
    for item in case.values:
        where = item["start"], item["end"]
        if case.kind != "date":
            if rules.bare_unit(item):
                expected.append(Expectation(*where, rules=frozenset({rules.bare_unit.__name__})))
            else:
                allowed = rules.money_allowed(item) if case.kind == "money" else rules.percent_allowed(item)
                expected.append(Expectation(*where, allowed))
            continue
        readings = dates.readings(item, case.reference)
        out = [function.__name__ for function in dates.OUT_OF_SCOPE if any(map(function, readings))]
        nothing = {function.__name__ for function in dates.FIND_NOTHING if all(map(function, readings))}
        if rules.inside_url(doc, *where):
            nothing.add(rules.inside_url.__name__)
        if out:
            outside.append(
                Expectation(
                    *where,
                    rules=frozenset(out),
                    judged=dates.clock_time.__name__ not in out and "PT" not in readings[0].timex,
                )
            )
        elif nothing:
            expected.append(Expectation(*where, rules=frozenset(nothing)))
        else:
            expected.append(Expectation(*where, dates.period_allowed(readings)))
    if outside and not expected:
        return Outcome("out_of_scope", tuple(sorted({name for item in outside for name in item.rules})))
    return expected + outside


def judge(case: Case, doc: Doc, found: Iterable[Found]) -> Outcome:
    """Compare what we found with what is expected."""
    expected = expect(case, doc)
    if isinstance(expected, Outcome):
        return expected
    left = list(found)
    used: set[str] = set()
    problems = []
    for item in expected:
        used |= item.rules
        if not item.allowed:
            if not item.judged:
                left = [ours for ours in left if not _overlap(item, ours)]
            continue
        there = [ours for ours in left if _overlap(item, ours)]
        for ours in there:
            same = rules.same_span(doc, (item.start, item.end), (ours.start, ours.end))
            if same is None and case.kind == "money":
                same = _with_bare_unit(expected, item, ours)
            allowed = _allows(item.allowed, ours.value)
            if same is not None and allowed is not None:
                used |= same | allowed
                left.remove(ours)
                break
        else:
            problems.append(_problem(item, there))
            left = [ours for ours in left if ours not in there]
    if left:
        problems.append("extra")
    if problems:
        return Outcome("fails", tuple(sorted(used)), tuple(sorted(set(problems), key=PROBLEMS.index)))
    return Outcome("agrees_by_convention" if used else "agrees", tuple(sorted(used)))


def _overlap(item: Expectation, ours: Found) -> bool:
    return item.start < ours.end and ours.start < item.end


def _allows(allowed: Iterable[Allowed], value: Value) -> frozenset[str] | None:
    """RETURNS (frozenset | None): the fewest rules by which our value is right; None where it is wrong."""
    plain, typed = rules.without_types(value)
    ways = [option.rules | typed for option in allowed if option.value == plain]
    return min(ways, key=lambda names: (len(names), sorted(names))) if ways else None


def _with_bare_unit(expected: Iterable[Expectation], item: Expectation, ours: Found) -> frozenset[str] | None:
    """An amount of ours that includes a unit which they give as an answer of its own: "$10 dollars"."""
    units = [other for other in expected if rules.bare_unit.__name__ in other.rules and other.end == ours.end]
    fits = units and item.start == ours.start and item.end < units[0].start
    return frozenset({rules.bare_unit.__name__}) if fits else None


def _problem(item: Expectation, there: list[Found]) -> str:
    if not there:
        return "missed"
    return "span" if any(_allows(item.allowed, ours.value) is not None for ours in there) else "value"


def measure(folder: Path) -> dict[str, tuple[Case, list[Found], Outcome]]:
    """RETURNS (dict): for each case its text, what we found and what becomes of it, by id."""
    nlp, components = make_language(), make_components()
    results = {}
    for kind in COUNTS:
        for case in load_cases(folder, kind):
            doc, found = read(components[kind], nlp, case)
            results[case.id] = case, found, judge(case, doc, found)
    return results


def load_record() -> dict[str, Json]:
    """RETURNS (dict): the record, a case a line, by id."""
    if not RECORD.is_file():
        return {}
    return {line["id"]: line for line in map(json.loads, RECORD.read_text("utf8").splitlines())}


def to_record(case: Case, found: list[Found], outcome: Outcome, old: Json) -> Json:
    """The line of a case. The reason of a failure is that of the old record."""
    line: Json = {"id": case.id, "text": text_hash(case.text), "outcome": outcome.outcome}
    if outcome.rules:
        line["rules"] = list(outcome.rules)
    if outcome.outcome == "fails":
        line["problems"] = list(outcome.problems)
        line["ours"] = [brief(item.value) for item in found]
        line["reason"] = old.get("reason", TODO)
    return line


def brief(value: Value) -> str:
    """A value in a few characters: `2018-01-01..2018-01-31 month`."""
    data = value.to_json()
    days = "..".join(dict.fromkeys(data[name] for name in ("start", "end") if name in data))
    others = [str(item) for name, item in data.items() if name not in ("type", "start", "end", "candidates")]
    return " ".join([days, *others] if days else others)


def shares(record: Iterable[Json]) -> dict[str, tuple[int, int, float]]:
    """RETURNS (dict): by kind, how many agree, of how many in scope, and the share."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in record:
        counts[line["id"].partition("/")[0]][line["outcome"]] += 1
    result = {}
    for kind, counter in counts.items():
        agree = counter["agrees"] + counter["agrees_by_convention"]
        scope = agree + counter["fails"]
        result[kind] = agree, scope, agree / scope
    return result


def print_table(record: dict[str, Json]) -> None:
    rows = []
    for kind, (agree, scope, share) in shares(record.values()).items():
        counter = Counter(line["outcome"] for line in record.values() if line["id"].startswith(f"{kind}/"))
        counts = [counter[outcome] for outcome in OUTCOMES]
        rows.append((kind, *counts, f"{agree}/{scope}", f"{share:.1%}", f"{FLOORS[kind]:.0%}"))
    msg.table(rows, header=("kind", *OUTCOMES, "agree", "share", "floor"), divider=True)


def print_failures(results: dict[str, tuple[Case, list[Found], Outcome]], kind: str) -> None:
    """What fails, by the form of the answer; for the authors of the components. Shows the texts, so it is not for the
    repository."""
    groups = defaultdict(list)
    for case, found, outcome in results.values():
        if case.kind == kind and outcome.outcome == "fails":
            form = case.values[0].get("timex", [""])[0] if case.values else "nothing to find"
            groups[re.sub(r"\d+", "9", form)].append((case, found, outcome))
    for form, members in sorted(groups.items(), key=lambda group: -len(group[1])):
        msg.text(f"== {form}: {len(members)}")
        for case, found, outcome in members:
            ours = ", ".join(f"{case.text[item.start : item.end]!r} {brief(item.value)}" for item in found)
            msg.text(f"{case.id} {'+'.join(outcome.problems)} [{case.reference}] {case.text[:240]!r}")
            msg.text(f"    wanted {', '.join(_show(item, case) for item in case.values) or 'nothing'}")
            msg.text(f"    ours   {ours or 'nothing'}")


def _show(item: Json, case: Case) -> str:
    if case.kind != "date":
        return f"{item['text']!r} {item['raw_value']} {item.get('isoCurrency') or item.get('unit', '')}"
    readings = dates.readings(item, case.reference)
    out = [function.__name__ for function in dates.OUT_OF_SCOPE if any(map(function, readings))]
    nothing = [function.__name__ for function in dates.FIND_NOTHING if all(map(function, readings))]
    options = [brief(option.value) for option in dates.period_allowed(readings)]
    wanted = f"({out[0]})" if out else f"nothing ({nothing[0]})" if nothing else " or ".join(dict.fromkeys(options))
    return f"{item['text']!r} {wanted} <- {readings[0].timex}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the cases of Recognizers-Text and write the record.")
    parser.add_argument("--failures", choices=COUNTS, help="list what fails of this kind, and write nothing")
    arguments = parser.parse_args()
    folder = find_folder()
    if folder is None:
        msg.fail("The texts are not on this machine: set ASSET_MIRROR to a folder that has value_tests/ in it.")
        raise SystemExit(1)
    results = measure(folder)
    old = load_record()
    record = {key: to_record(*result, old.get(key, {})) for key, result in results.items()}
    if arguments.failures:
        msg.text(f"# python -m tests.components.value_tests --failures {arguments.failures}")
    print_table(record)
    if arguments.failures:
        print_failures(results, arguments.failures)
        return
    changed = [key for key in record if old.get(key, {}).get("outcome") != record[key]["outcome"]]
    RECORD.write_text("".join(json.dumps(line) + "\n" for line in record.values()), "utf8")
    todo = [key for key, line in record.items() if line.get("reason") == TODO]
    msg.info(f"{len(changed)} outcomes changed: {' '.join(changed[:20])}{' …' if len(changed) > 20 else ''}")
    msg.info(f"{len(todo)} failures without a reason. Written: {RECORD.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
