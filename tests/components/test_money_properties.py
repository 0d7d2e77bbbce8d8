"""Properties of the component `money`: what is written in any notation reads back, and any text is read."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bellwether.normalizers import currency_data
from bellwether.normalizers.currencies import load_notations
from tests.components.moneys import MONEY, NLP, read

NOTATIONS = load_notations()
# Every notation before a number, and every one behind it.
BEFORE = sorted(
    {
        *((prefix + sign) for sign, prefixes in currency_data.SIGN_PREFIXES.items() for prefix in prefixes),
        *currency_data.SIGNS,
        *currency_data.PREFIXES,
        *NOTATIONS.codes,
    }
)
BEHIND = sorted(
    {
        *currency_data.SIGNS,
        *NOTATIONS.codes,
        *(first + rest for first, names in NOTATIONS.names.items() for rest, _ in names),
    }
)
SCALES = {
    "": 0, "k": 3, "K": 3, "m": 6, " mn": 6, "mln": 6, "mm": 6, "bn": 9, "b": 9, "tn": 12, " thousand": 3,
    " million": 6, "-million": 6, " billion": 9, " trillion": 12, " lakh": 5, " crore": 7, " lakh crore": 12,
}  # fmt: skip
GROUPINGS = ["plain", "comma", "space", "apostrophe", "european", "indian"]


def write_number(cents, grouping):
    """A number of hundredths in one of the notations of the world."""
    whole, part = f"{cents // 100:,}", f"{cents % 100:02}"
    if grouping == "plain":
        return f"{whole.replace(',', '')}.{part}"
    if grouping == "indian" and len(digits := whole.replace(",", "")) > 3:
        pairs = digits[:-3] if len(digits) % 2 else f" {digits[:-3]}"
        head = ",".join(pairs[start : start + 2] for start in range(0, len(pairs), 2)).strip()
        return f"{head},{digits[-3:]}.{part}"
    separator, mark = {"space": (" ", "."), "apostrophe": ("'", "."), "european": (".", ",")}.get(grouping, (",", "."))
    return f"{whole.replace(',', separator)}{mark}{part}"


def read_alone(notation, side):
    """What the notation says beside a plain amount."""
    text = f"{notation} 1.50 million" if side == "before" else f"1.50 million {notation}"
    return read(text) or read(text.replace(" ", "", 1) if side == "before" else text)


@st.composite
def written_amounts(draw):
    """An amount, and one way to write it."""
    side = draw(st.sampled_from(["before", "behind"]))
    notation = draw(st.sampled_from(BEFORE if side == "before" else BEHIND))
    grouping = draw(st.sampled_from(GROUPINGS))
    cents = draw(st.integers(1, 10**11))
    digits = write_number(cents, grouping)
    needs_scale = notation in currency_data.SCALED_PREFIXES or notation[:2].islower()
    scale = draw(st.sampled_from([scale for scale in sorted(SCALES) if scale or not needs_scale]))
    number = Decimal(cents).scaleb(-2 + SCALES[scale])
    negative = draw(st.sampled_from(["", "-", "−", "minus ", "()"]))
    glued = draw(st.booleans()) or notation in currency_data.GLUED_PREFIXES
    amount = f"({digits}){scale}" if negative == "()" else f"{digits}{scale}"
    sign = "" if negative == "()" else negative
    if side == "before":
        gap = "" if glued else " "
        text = f"{sign}{notation}{gap}{amount}"
    else:
        text = f"{sign}{amount} {notation}"
    return text, notation, side, -number if negative else number


@settings(max_examples=400)
@given(written_amounts(), st.sampled_from(["", "It paid "]), st.sampled_from(["", ".", " for it", ", or so it said"]))
def test_written_amounts_read_back(case, before, after):
    text, notation, side, amount = case
    ((_, expected),) = read_alone(notation, side)
    ((span, value),) = read(before + text + after)
    assert span.rstrip(".") == text.rstrip(".")  # spaCy's tokenizer leaves "5m." one token
    assert value.amount * 1_500_000 == amount * expected.amount
    assert (value.currency, set(value.candidates)) == (expected.currency, set(expected.candidates))


@given(st.integers(1, 10**11), st.sampled_from(GROUPINGS), st.sampled_from(["", "-", "("]))
def test_every_grouping_reads_as_it_is_written(cents, grouping, sign):
    digits = write_number(cents, grouping)
    ((_, value),) = read(f"$({digits})" if sign == "(" else f"{sign}${digits}")
    assert value.amount == Decimal(cents).scaleb(-2) * (-1 if sign else 1)


PIECES = (
    "$|€|EUR|US|Rs.|kr| |5|1,234.5|(|)|-|–| to | and |between |million|bn|p| dollars| cents|half a |"
    "five |\u200b|\u200f|.|,|%|MEUR| a share|/|about |\n|元"
)
MIXTURES = st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join)


@given(MIXTURES | st.text(max_size=40))
def test_any_text(text):
    doc = MONEY(NLP.make_doc(text))
    for ent in doc.ents:
        value = ent._.value
        assert value.amount is not None or value.low <= value.high
        assert ent.text.strip()


@pytest.mark.parametrize("text", ["$", "1", "$1", "$(", "-$", "US$", "kr", "(1", "5 p", "1,1", "$.5", "\u200b$5"])
def test_long_repetitions(text):
    list(MONEY.find(text * 2000))
