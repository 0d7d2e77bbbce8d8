"""The direction of percentages in sentences of news: asides, comparisons, ellipses, and words that stand near a figure
without belonging to it.

`direction_prose.txt` holds sentences in the style of the starter corpus, one a line; behind each percentage stands what
a reader says of it: `{+}` up, `{-}` down, `{0}` neither. They were written before the rules were run on them, batch
after batch. A line that begins with `?` is one that the rules still read wrongly: the reason, a bar, the sentence.
"""

import re
from pathlib import Path

import pytest

from bellwether.normalizers.percent import PercentNormalizer

PERCENT = PercentNormalizer()
PROSE = Path(__file__).with_name("direction_prose.txt")
DIRECTIONS = {"+": "up", "-": "down", "0": None}
# Figures of the prose, and the share of them that has to be right.
FIGURES = 3100
FLOOR = 0.99


def read_sentence(markup):
    """A sentence without its marks, and where each percentage ends with its direction."""
    *parts, end = re.split(r"(?<=\{[-+0]\})", markup)
    text, figures = "", []
    for part in parts:
        text += part[:-3]
        figures.append((len(text), DIRECTIONS[part[-2]]))
    return text + end, figures


def read_prose():
    """Each line as a case, marked where it fails."""
    cases = []
    for line in PROSE.read_text("utf8").splitlines():
        reason, _, markup = line.removeprefix("? ").partition(" | ") if line.startswith("? ") else ("", "", line)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        cases.append(pytest.param(*read_sentence(markup), marks=marks))
    return cases


def find(text):
    return [(expression.end, expression.value.direction) for expression in PERCENT.find(text)]


CASES = [
    # what follows a figure that has its own verb: another clause, a preposition, a time
    ("The index rose 3% despite losses in Asia.", ["up"]),
    ("Shares fell 3% amid growth fears.", ["down"]),
    ("Shares drop 14% ahead of a shareholders' meeting.", ["down"]),
    ("Shares fell 3% more than those of rivals.", ["down"]),
    ("The rate stood at 3% although growth slowed.", [None]),
    ("Sales grew by 4%, helped by gains in Asia.", ["up"]),
    ("It rose 3%, hit by losses; it holds 3%, hurt by price cuts.", ["up", None]),
    ("The company aims for a 50% reduction by 2040.", ["down"]),
    ("The result fell 6% short.", [None]),
    # above, below, ahead of, behind: of an earlier time or of a norm
    ("Bookings are 14% behind last year.", ["down"]),
    ("Bookings are 14% ahead of the same point last year.", ["up"]),
    ("EPS of $1.42, 4% ahead of consensus.", [None]),
    ("It moved 3% more than last year and 1% above plan.", ["up", None]),
    ("Passenger numbers were still 6% shy of their 2031 level.", ["down"]),
    ("Recovery rates were 12 percentage points below the figure for 2031.", ["down"]),
    ("The index is 31% off its low and 5% off its high.", ["up", "down"]),
    ("The margin contracted 180bp to 22.6%, 40bp short of consensus.", ["down", None, None]),
    # in apposition to a noun or a verb
    ("The rise in rents, 8% in the capital alone, has hit the young.", ["up"]),
    ("The euro's fall, 6% so far this year, has been orderly.", ["down"]),
    ("Cloud revenue growth, 31%, has slowed for three quarters.", ["up"]),
    ("The advance, 5% funded by debt, continues.", [None]),
    ("They have tumbled, these past weeks, 22%.", ["down"]),
    ("The shares had lost, by noon, 6%.", ["down"]),
    ("Rates rose in the low single digits, 2% to 4%, after 9% last year.", ["up", "up"]),
    ("Credit grew at its slowest since 2030, just 0.8% year on year.", ["up"]),
    ("The harvest should be a tenth smaller, or 11%.", ["down"]),
    ("Sales climbed to $6m from $5m, or 20%.", ["up"]),
    ("Gross profit increased to $133 million, or 32.3% of revenue.", [None]),
    ("Sales rose sharply: by 6%.", ["up"]),
    ("Sales increased (6%); the decline (5%) hurt.", ["up", "down"]),
    # copulas, with what stands between
    ("The rebound, so far, is 12%.", ["up"]),
    ("The rebound so far amounts to 12%.", ["up"]),
    ("The fall this year is now 6%.", ["down"]),
    ("The fall, which was 6%, hurt.", ["down"]),
    ("A fall equal to 6%, a rate hike worth 25 bps", ["down", "up"]),
    ("Organic growth of -12.6%, a yield of -0.6%", ["down", None]),
    ("Losses ranged from 0.5% in Oslo to 3% in Athens.", ["down", "down"]),
    # "one" stands for a noun
    ("A devaluation of 18% follows one of 12% in March.", ["down", "down"]),
    ("It heads for its third weekly drop, this one of 1.9%.", ["down"]),
    ("A 35% tariff was replaced with one of 10%.", [None, None]),
    # compared with another move, or with a norm
    ("The economy grew 0.2%, half the 0.4% pace of the spring.", ["up", "up"]),
    ("Money supply grew 5.1%, quicker than the 4.7% of the month before.", ["up", "up"]),
    ("Bills may go up by 21%, well short of the 35% that it asked for.", ["up", "up"]),
    ("Sales growth of 0.9% missed the 2.1% the Street was looking for.", ["up", "up"]),
    ("Cloud revenue grew by 31%, down from 36% but ahead of the 29% expected.", ["up", "up", "up"]),
    ("Prices rose 3%, above the 2% target.", ["up", None]),
    ("The share rose 2 percentage points, up from 12%.", ["up", None]),
    ("Sales failed to grow, let alone by the 0.5% expected.", ["up"]),
    # the verb is left out
    ("Exports tumbled 12.6%, the most in three years, and imports 8.1%.", ["down", "down"]),
    ("Claims were 14% up, premiums 5%.", ["up", "up"]),
    ("The city saw an 11.3% rise in produce, 11.5% in snacks, and 9.5% in drinks.", ["up", "up", "up"]),
    ("ONGC was up 1.5%, Cairn 2% on hopes of a good quarter.", ["up", "up"]),
    ("The pound rose 0.3% on the day and the krona 0.2%.", ["up", "up"]),
    # a verb of rise or fall near a figure that is none of its business
    ("Falling rates mean savers get 2%.", [None]),
    ("Growing demand keeps factories 90% full.", [None]),
    ("It raised provisions covering 60% of bad loans.", [None]),
    ("It is raising money by selling 5%.", [None]),
    ("It lost a contract worth 5% of sales.", [None]),
    ("Costs ate 64% of income; a strike cost it 2% of sales.", [None, "down"]),
    ("It gave back 40% of its gains; it recovered 40% of its loans.", [None, None]),
    ("Women make up 37%, an increase of 2 percentage points.", [None, "up"]),
    ("Acquisitions contributed 1.5 points, or 1.5 percentage points to growth.", [None]),
    ("Sales fell at 40% of shops; sales fell in 40% of shops.", [None, None]),
    # when and where, between verb and figure
    ("The stock fell in early trading 6%.", ["down"]),
    ("It had 6% wiped off its value; it watched 6% come off its price.", ["down", "down"]),
    ("First-day pops of 30%, pullbacks of 5%", ["up", "down"]),
    ("Half of the 22% that they had lost is back.", ["down"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_direction(text, expected):
    assert [expression.value.direction for expression in PERCENT.find(text)] == expected


@pytest.mark.parametrize(("text", "figures"), read_prose())
def test_prose(text, figures):
    assert find(text) == figures


def test_share_of_the_prose():
    figures = [
        (figure, figure in find(text)) for case in read_prose() for text, gold in [case.values] for figure in gold
    ]
    assert len(figures) >= FIGURES
    assert sum(is_right for _, is_right in figures) / len(figures) >= FLOOR
