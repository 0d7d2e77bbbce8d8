"""Exact arithmetic, and the words and letters that scale a number: "million", "bn", "lakh"."""

from decimal import Context, Decimal

from ..values import format_decimal, parse_decimal

MAX_DIGITS = 128
"""A longer run of digits is no amount of anything; every number up to here is read exactly."""

EXACT = Context(prec=4 * MAX_DIGITS, traps=[])
"""Multiplies and adds without rounding (the default context keeps 28 digits)."""

SCALES: dict[str, Decimal] = {
    **dict.fromkeys(("hundred",), Decimal(100)),
    **dict.fromkeys(("k", "thousand", "thousands"), Decimal(10) ** 3),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), Decimal(10) ** 5),
    **dict.fromkeys(("m", "mm", "mn", "mln", "mio", "mil", "million", "millions"), Decimal(10) ** 6),
    **dict.fromkeys(("cr", "crore", "crores"), Decimal(10) ** 7),
    **dict.fromkeys(("b", "bn", "bln", "bil", "billion", "billions"), Decimal(10) ** 9),
    **dict.fromkeys(("t", "tr", "tn", "trn", "tln", "trillion", "trillions"), Decimal(10) ** 12),
}
"""What may stand behind a number; case does not matter."""

GLUED_SCALES = frozenset({"t", "tr"})
"""Read only when glued to the digits: "$1.2t" but not "1.2 t", which is tonnes."""

SECOND_SCALES = frozenset({"cr"})
"""Short words that may follow another scale: "1.5 lakh cr"."""

_SURELY_STORABLE = 64


def is_storable(number: Decimal, size: int) -> bool:
    """Whether a value can hold a number (`bellwether.values.parse_decimal`).

    size (int): length of its text; a short text has no number that is too large.
    """
    if size <= _SURELY_STORABLE:
        return True
    try:
        parse_decimal(format_decimal(number))
    except ValueError:
        return False
    return True
