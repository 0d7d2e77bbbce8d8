"""The direction of a percentage: verbs, nouns, adjectives and idioms of rise and fall, and what is a level."""

import pytest

from bellwether.normalizers.direction_words import COMPARATIVES, NOUNS, PAST, VERBS
from bellwether.normalizers.percent import PercentNormalizer

PERCENT = PercentNormalizer()


def directions(text):
    return [expression.value.direction for expression in PERCENT.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # verbs, and verbs of two words
        ("The shares clawed back 3%", ["up"]),
        ("The index bled 4%", ["down"]),
        ("Footfall ticked up 2%", ["up"]),
        ("It pared 5%, it trimmed 2%, it shed 1%", ["down", "down", "down"]),
        ("The dollar firmed 0.2% and the yen eased 0.3%", ["up", "down"]),
        ("Quota row settled, Sandvik hauls in 12%", ["up"]),
        ("It gave up CZK 38, or almost 7%", ["down"]),
        ("The stock settled at $102, down $1.96, 1.88%", ["down"]),
        ("The Dow rose 12 points (0.6%)", ["up"]),
        ("Holders made 5%", ["up"]),
        ("The index made up 2.6% from its low", ["up"]),
        ("Tech made up 30% of the index", [None]),
        ("A price war cost the bank 22 basis points of margin", ["down"]),
        ("GDP contracted at an annual rate of 3%", ["down"]),
        ("It grew at a 5% pace", ["up"]),
        ("Rates may go up by another 50bp", ["up"]),
        ("Will lower the repo rate by 50 basis points", ["down"]),
        ("Cuts its target at Norvane N.V. by 5%", ["down"]),
        # what the subject is decides
        ("The combined ratio deteriorated by 9.1 points, or 9.1 percentage points", ["up"]),
        ("The loss improved by 12%", ["down"]),
        ("The solvency ratio improved by 3 percentage points", ["up"]),
        ("Margins worsened by 2 percentage points", ["down"]),
        ("Spreads tightened 12 basis points", ["down"]),
        ("The bank tightened policy by 25 basis points", ["up"]),
        # nouns and adjectives
        ("Organic growth was 0.3 per cent", ["up"]),
        ("The drop in sales was 5%", ["down"]),
        ("A drop on the day of 4%", ["down"]),
        ("between a 5% and a 7% rise", ["up", "up"]),
        ("5% and 7% higher, respectively", ["up", "up"]),
        ("Sales were 3% ahead", ["up"]),
        ("Spreads were wider by 5bp", ["up"]),
        ("It closed 0.5% down at 3,400", ["down"]),
        ("It ended 1.1 percent to the good", ["up"]),
        ("a 38% haircut, a 12% pay rise", ["down", "up"]),
        # passives and relative clauses
        ("5% was wiped off the index", ["down"]),
        ("Half of the 19% that it shed is back", ["down"]),
        ("the 5% they gained", ["up"]),
        # what goes on from the figure before
        ("Sales rose 3% and 5%", ["up", "up"]),
        ("Brent fell 2%, WTI 3%.", ["down", "down"]),
        ("Profit grew 5%, margin 12%", ["up", None]),
        ("Prices would rise 2%, not 14%", ["up", "up"]),
        ("Sales were -1.1% against 1.7%", ["down", None]),
        # levels
        ("growth slowed to 4%", [None]),
        ("rose by 3 percentage points to 12%", ["up", None]),
        ("It owns 10.2 per cent, up from 9.8 per cent", [None, None]),
        ("Buyers must put down 40%, up from 30%", [None, None]),
        ("The rate crept up to 19.1%", [None]),
        ("Inflation topped 4.5%", [None]),
        ("It outperformed its benchmark by 3.1 percentage points", [None]),
        ("It beat forecasts by 3%", [None]),
        ("an 80% chance of a cut", [None]),
        ("a 60% loss ratio", [None]),
        ("A buyer pares its 12% stake; buys a firm's 20.3% stake", [None, None]),
        ("predicted to hit 7.6%", [None]),
        ("returns of between -15% and -5%", [None]),
        ("a yield of -0.3%", [None]),
        ("a premium of 24% over the closing price", [None]),
    ],
)  # fmt: skip
def test_direction(text, expected):
    assert directions(text) == expected


@pytest.mark.parametrize("form", sorted(set(PAST) - {"lower"}))
def test_every_past_tense_moves_its_figure(form):
    text = f"Sales {form} 12%"
    assert directions(text) in ([VERBS[form]], ["down" if "tighten" in form else "up"])


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_every_noun_says_the_direction(noun):
    assert directions(f"the 12% {noun}") == [NOUNS[noun]]


@pytest.mark.parametrize("word", sorted(COMPARATIVES))
def test_every_comparative_says_the_direction(word):
    assert directions(f"it was 12% {word}") == [COMPARATIVES[word]]


def test_no_word_is_both():
    assert not {verb for verb, way in VERBS.items() if NOUNS.get(verb, way) != way}
