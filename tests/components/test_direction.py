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
        # verbs of two words with their object or their figure between, or after an adverb with an article
        ("Supply drove down costs 3% and pushed up prices 4%", ["down", "up"]),
        ("Spreads blew out by 85 basis points", ["up"]),
        ("The shares gave 30% back; it gave 30% back to its owners", ["down", None]),
        ("The stock sold off 6%; the bank sold off 6% of its loans", ["down", None]),
        ("Sales fell a further 5%", ["down"]),
        ("Fares may drop by a further 20%", ["down"]),
        ("Prices were lifted by an average of 3.5%", ["up"]),
        ("Fees climbed on average 4%", ["up"]),
        ("the index is down like 1%", ["down"]),
        ("The contract ended the session 2%", [None]),
        ("Prices rose just under 5%; inflation fell below 5%", ["up", None]),
        # what the subject is decides
        ("The combined ratio deteriorated by 9.1 points, or 9.1 percentage points", ["up"]),
        ("The loss improved by 12%", ["down"]),
        ("The solvency ratio improved by 3 percentage points", ["up"]),
        ("Margins worsened by 2 percentage points", ["down"]),
        ("Spreads tightened 12 basis points", ["down"]),
        ("The bank tightened policy by 25 basis points", ["up"]),
        ("The 2036 bonds tightened by 20bp", ["down"]),
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
        ("Organic growth: 4%", ["up"]),
        ("The decline in earnings, 17%, was the first", ["down"]),
        ("The gain this year stands at 33%; losses came to 3% of loans", ["up", None]),
        ("a 12% year over year increase", ["up"]),
        ("62 bps of easing by June, 50bp of rate hikes", ["down", "up"]),
        ("It was 3% dearer by Friday and 2% lower from a year ago", ["up", "down"]),
        ("12% up from 10%", [None, None]),
        ("ended 2% to the better", ["up"]),
        ("ended 3% in negative territory", ["down"]),
        ("closed 55% below its listing price", ["down"]),
        # in apposition
        ("The Dow opened 91 points, 0.3%, lower", ["down"]),
        ("The Dow closed 26 points lower today, or 0.1%", ["down"]),
        ("The index was down by about 8 points, 0.2%, at the open", ["down"]),
        ("It lost half its value, or 52%", ["down"]),
        # passives and relative clauses
        ("5% was wiped off the index", ["down"]),
        ("Half of the 19% that it shed is back", ["down"]),
        ("the 5% they gained", ["up"]),
        ("Pay will not regain the 9% lost since 2030", ["down"]),
        # what goes on from the figure before
        ("Sales rose 3% and 5%", ["up", "up"]),
        ("Brent fell 2%, WTI 3%.", ["down", "down"]),
        ("Profit grew 5%, margin 12%", ["up", None]),
        ("Prices would rise 2%, not 14%", ["up", "up"]),
        ("Sales were -1.1% against 1.7%", ["down", None]),
        ("Profit fell 14% at Fox & Co. and 26% at Hare", ["down", "down"]),
        ("Brent is up 20% this quarter, WTI just under 18%", ["up", "up"]),
        ("Wages rose 4% in the year to May, prices 3%", ["up", "up"]),
        ("Sales rose 4% in the year to May, return on equity 3%", ["up", None]),
        ("Oats gained 2% and rice a little more than 1%", ["up", "up"]),
        ("Sales fell by 5%; fees by 9%", ["down", "down"]),
        # what was expected of the same move
        ("Prices rose 2.9% in May after 3.1% in April", ["up", "up"]),
        ("GDP grew 0.3%, against a consensus of 0.2%", ["up", "up"]),
        ("GDP grew 0.3% (forecast: 0.2%)", ["up", "up"]),
        ("Sales rose 0.7%, well short of the 2.5% that analysts had pencilled in", ["up", "up"]),
        ("Sales rose 5%, but the margin of 10% was below the 12% expected", ["up", None, None]),
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
        ("rates at an ultra low -0.1%; gross margin -30bp", [None, "down"]),
        ("The offer is 37% above Tuesday's close", [None]),
        ("We guide to -2% to +2% growth", [None]),
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
