"""SEntFiN 1.0 (tone towards each target of a headline, MIT): CSV with `Title` and `Decisions`, a dict as text.

A target is known by its words only, and its type is not: each of its mentions becomes a TARGET span with a sentiment.
Where the source has a table for `sentiment`, a headline whose targets all have the same tone has it as its sentiment;
one whose targets disagree says nothing about it. The corpus has no split: name the file under
`train` and under `test`, and each reads its part (`splitting.is_test` of the title).

Traps: apostrophes in `Decisions` are not escaped; "hold" and "sell" inside target names were replaced by label words
("FTSE Rusnegative"), so that these targets are in no headline and are left out, with a note; some targets are a part of
a word ("Sebi" in "Sebis"); headlines occur twice, some with different answers (`convert` drops those).
"""

import re
from collections.abc import Iterator
from typing import Any

from bellwether.targets import ENTITY_SENTIMENT, SENTIMENT, TARGET

from ..errors import BadInput, ErrorLog
from ..records import Record, make_record
from ..sources import SourceFile, read_rows
from .splitting import belongs

NOT_THERE = "sentfin: target that is not in its headline"
NO_TARGET = "sentfin: headline without any target left"
_DECISION = re.compile(r"""(['"])(.+?)\1: '(\w+)'(?:, |$)""")


def parse_decisions(text: str) -> list[tuple[str, str]]:
    """The targets of a headline and the tone towards each.

    RAISES (BadInput): where the text is not a dict of texts.
    """
    body = text.strip()
    decisions = []
    if body[:1] == "{" and body[-1:] == "}":
        body = body[1:-1]
        while match := _DECISION.match(body):
            decisions.append((" ".join(match[2].split()), match[3]))
            body = body[match.end() :]
        if not body and decisions:
            targets = [target for target, _ in decisions]
            if twice := [target for target in targets if targets.count(target) > 1]:
                raise BadInput(f"Decisions: '{twice[0]}' is given twice")
            return decisions
    raise BadInput(f"Decisions: {text!r} is not a dict of targets and sentiments such as {{'Norvane': 'positive'}}")


def find_mentions(headline: str, target: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every mention of a target as whole words outside of the places that are taken; else the first that is a part of a
    word, if possible at its beginning.
    """

    def free(pattern: str) -> list[tuple[int, int]]:
        places = [match.span() for match in re.finditer(pattern, headline)]
        return [(start, end) for start, end in places if all(end <= low or high <= start for low, high in taken)]

    words = re.escape(target)
    return free(rf"(?<!\w){words}(?!\w)") or free(rf"(?<!\w){words}")[:1] or free(words)[:1]


def convert(
    row: dict[str, str], record_id: str, labels: dict[str, dict[str, str | None]], log: ErrorLog
) -> Record | None:
    """The record of a row; None where no target can be placed.

    labels (dict): the tables of the source: of the tone towards a target, and of the sentiment of a headline, if it is
        to have one.
    """
    table = labels.get(ENTITY_SENTIMENT, {})
    headline = " ".join(row["Title"].split())
    decisions = parse_decisions(row["Decisions"])
    spans: list[dict[str, Any]] = []
    taken: list[tuple[int, int]] = []
    # The longest first: of "India" and "Coal India" each has its own mention.
    for target, tone in sorted(decisions, key=lambda decision: -len(decision[0])):
        if tone not in table:
            raise BadInput(f"unknown sentiment '{tone}': the source's table has {', '.join(table)}")
        mentions = find_mentions(headline, target, taken)
        if not mentions:
            log.note(NOT_THERE, f"{record_id} {target!r}")
        taken += mentions
        if table[tone] is not None:
            spans += [
                {"start": start, "end": end, "label": TARGET, "sentiment": table[tone]} for start, end in mentions
            ]
    if not spans:
        log.note(NO_TARGET, record_id)
        return None
    data: dict[str, Any] = {"id": record_id, "text": headline, "spans": spans, "layers": {ENTITY_SENTIMENT: True}}
    tones = {tone for _, tone in decisions}
    sentiment = labels.get(SENTIMENT, {}).get(tones.pop()) if len(tones) == 1 else None
    if sentiment is not None:
        data["cats"] = {SENTIMENT: sentiment}
        data["layers"][SENTIMENT] = True
    return make_record(data)


def read(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """Read one part of SEntFiN."""
    for number, (line, row) in enumerate(read_rows(file.path, ("Title", "Decisions"), log), 1):
        if not belongs(row["Title"], file):
            continue
        record_id = file.record_id(number)
        try:
            record = convert(row, record_id, file.source.labels, log)
            if record is not None:
                file.domain.check_labels(record)
        except BadInput as error:
            log.handle(error.at(path=file.path, line=line, record_id=record_id))
            continue
        if record is not None:
            yield record
