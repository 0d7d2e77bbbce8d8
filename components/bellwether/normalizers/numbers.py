"""Reads number expressions to exact `Decimal`s: "1,234.56", "1.234,56", "12,34,567", "3.1bn", "five hundred thousand",
"half a".

Pure functions on text; nothing here knows what the number counts, and nothing here needs spaCy.

How separators are read. The text is English, so a lone dot is the decimal point, whatever follows it ("1.234" is
1.234), and a lone comma before exactly three digits separates thousands ("1,234" is 1234; "0,125" is 0.125, since no
group begins with 0). Everything else says itself what it is: of a dot and a comma the last is the decimal mark
("1.234,56"), repeated dots or commas in groups of three (or of two before a last three, as in India) separate
thousands, as do a space and an apostrophe, and a comma before one or two digits is a decimal mark ("12,5"). What fits
none of these ("1.2.3", "1,23,4", a date) is not a number.
"""

import functools
import re
from decimal import Decimal
from typing import NamedTuple

from .number_words import find_words
from .scales import EXACT, GLUED_SCALES, MAX_DIGITS, SCALES, SECOND_SCALES

__all__ = [
    "EXACT", "MAX_DIGITS", "SCALES", "Number", "find_numbers", "read_number", "read_numeral", "read_scale",
    "read_scales", "read_sign",
]  # fmt: skip

_VULGAR = {"¼": "0.25", "½": "0.5", "¾": "0.75", "⅛": "0.125", "⅜": "0.375", "⅝": "0.625", "⅞": "0.875"}

_REST_OF_NUMERAL = (
    r"\d{0,2}(?: \d{3}(?!\d))+(?:[.,]\d+)?"  # 1 234,56
    r"|\d*(?:[.,']\d+)*[¼½¾⅛⅜⅝⅞]?"
)
_NUMERAL = re.compile(rf"[\d¼½¾⅛⅜⅝⅞](?:{_REST_OF_NUMERAL})")
_ASCII_NUMERAL = re.compile(rf"[0-9](?:{_REST_OF_NUMERAL})", re.ASCII)  # three times as fast
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?")
_DOT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
_OTHER_GROUPS = re.compile(r"\d{1,3}(?:(?: \d{3})+|(?:'\d{3})+)(?:[.,]\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}|0,\d+")
_MIXED_FRACTION = re.compile(r"[ -](\d\d?)/(2|4|8|16|32)(?![\d/])")
_FRACTION = re.compile(r"/(2|4|8|16|32)(?![\d/.,])")
# Text that was tokenized after a currency: "EUR2 .1 m", "EUR995 ,000"
_APART = re.compile(r" (?:\.\d+|(?:,\d{3})+)(?![\d,])")
_LETTERS = re.compile(r"[^\W\d_]+")
_GAPS = frozenset(" -\n")
_JOINS = frozenset("&'-")
_AFTER_HYPHENS = frozenset({"bn", "mn", "mln", "bln", "trn", "cr"})  # "a Rs 350-cr issue"
_SCALE_INITIALS = frozenset(initial for word in SCALES for initial in (word[0], word[0].upper()))
_LEFT_JOINS = frozenset("./: ")
_RIGHT_JOINS = frozenset("/: -")
_SIGNS = {"-": -1, "\u2212": -1, "\u2013": -1, "+": 1}
# After one of these, a letter or a digit, "-" joins and is no sign.
_JOINED = frozenset(")]%./-+\u2212\u2013")


class Number(NamedTuple):
    """A number expression of a text.

    start, end (int): bounds, from the sign to the scale.
    mantissa (Decimal): the number without its scale, signed.
    scale (Decimal | None): the factor that the scale word names; None without one.
    sign (int): -1 or 1 where the text shows a sign, else 0.
    grouped (bool): written with a thousands separator or a decimal mark, which a plain count or a year seldom is.
    in_words (bool): "five hundred" rather than "500".
    glued (bool): a letter, "_", "#" or "@" touches it from the left: "Q3", "EUR13.1".
    """

    start: int
    end: int
    mantissa: Decimal
    scale: Decimal | None = None
    sign: int = 0
    grouped: bool = False
    in_words: bool = False
    glued: bool = False

    @property
    def value(self) -> Decimal:
        return self.mantissa if self.scale is None else EXACT.multiply(self.mantissa, self.scale)


def read_numeral(text: str) -> Decimal | None:
    """Read digits with separators, without sign and scale; see the module's docstring for how separators are read.

    RETURNS (Decimal | None): None where it is not one number.
    """
    if len(text) > 2 * MAX_DIGITS:
        return None
    if text[-1:] in _VULGAR:
        whole = text[:-1]
        if whole and not whole.isdecimal():
            return None
        number = EXACT.add(Decimal(whole or 0), Decimal(_VULGAR[text[-1]]))
    elif text.isdecimal():
        number = Decimal(text)
    elif _COMMA_GROUPS.fullmatch(text):
        number = Decimal(text.replace(",", ""))
    elif text.count(".") == 1 and text.replace(".", "").isdecimal():
        number = Decimal(text)
    elif _DOT_GROUPS.fullmatch(text) or _DECIMAL_COMMA.fullmatch(text):
        number = Decimal(text.replace(".", "").replace(",", "."))
    elif _OTHER_GROUPS.fullmatch(text):
        number = Decimal(text.replace(" ", "").replace("'", "").replace(",", "."))
    else:
        return None
    return None if len(number.as_tuple().digits) > MAX_DIGITS else number


def read_scale(text: str, position: int) -> tuple[Decimal, int] | None:
    """Read the scale word or letters behind a number, with an optional space or hyphen before them.

    RETURNS (tuple | None): the factor, and the end of the word; None where there is none.
    """
    spaced = text[position : position + 1] in _GAPS
    start = position + spaced
    if text[start : start + 1] not in _SCALE_INITIALS:
        return None
    match = _LETTERS.match(text, start)
    factor = SCALES.get(match[0].lower()) if match else None
    if match is None or factor is None or (spaced and _is_other_word(text, position, match)):
        return None
    following = text[match.end() : match.end() + 1]
    return None if following.isdigit() or following == "_" else (factor, match.end())


def _is_other_word(text: str, position: int, match: re.Match[str]) -> bool:
    """Whether letters apart from the number are something else: "5 t", "$5 M&A", "$5-m", "A) $5 B) $6"."""
    word = match[0]
    following = text[match.end() : match.end() + 1]
    if word.lower() in GLUED_SCALES or (
        len(word) < 4 and (following in _JOINS or (text[position] == "-" and word.lower() not in _AFTER_HYPHENS))
    ):
        return True
    return len(word) == 1 and following == ")" and "(" not in text[max(0, position - 16) : position]


def read_scales(text: str, position: int) -> tuple[Decimal | None, int]:
    """As `read_scale`, of one word or two ("lakh crore", "hundred million")."""
    first = read_scale(text, position)
    if first is None:
        return None, position
    factor, end = first
    if (
        text[end : end + 1] == " "
        and (second := read_scale(text, end)) is not None
        and (second[1] - end > 4 or text[end + 1 : second[1]].lower() in SECOND_SCALES)
    ):
        return factor * second[0], second[1]
    return factor, end


def read_sign(text: str, start: int) -> tuple[int, int]:
    """Read the sign, or the word "minus", before a number or a currency.

    RETURNS (tuple): -1, 1, or 0 without a sign; and where the expression begins, its sign included.
    """
    if start and (sign := _SIGNS.get(text[start - 1])):
        before = text[start - 2] if start > 1 else " "
        is_second = before == "/" and text[start - 3 : start - 2] == "%"  # "+2%/-3%"
        if is_second or not (before.isalnum() or before in _JOINED):
            return sign, start - 1
    if start > 5 and text[start - 1] == " ":
        word = text[max(0, start - 10) : start - 1].rpartition(" ")[2].lower()
        if word in ("minus", "negative"):
            return -1, start - 1 - len(word)
    return 0, start


def _read_digits(text: str, match: re.Match[str]) -> Number | None:  # noqa: PLR0912
    start, end = match.span()
    digits = match[0]
    if start and digits.isdecimal() and text[start - 1].isalpha() and (rest := _APART.match(text, end)):
        digits, end = digits + rest[0][1:], rest.end()
    plain = digits.isdecimal()
    mantissa = read_numeral(digits)
    if mantissa is None:
        return None
    before = text[start - 1] if start else " "
    following = text[end : end + 1]
    grouped = not plain
    if before in _LEFT_JOINS and start:
        further = text[start - 2] if start > 1 else " "
        if before == "." and not (further.isalnum() or further in ".)/"):
            if not plain:
                return None
            start, mantissa, grouped = start - 1, mantissa.scaleb(-len(digits)), True  # $.50
            before = further
        elif before in "/:" and further.isdigit():  # a date, a time
            return None
        elif before == " " and further == "." and text[max(0, start - 4) : start - 2].rstrip(" ").isdigit():
            return None  # the rest of a decimal in text that was tokenized: "6 . 2 %"
    if following in _RIGHT_JOINS and text[end + 1 : end + 2].isdigit():
        if following in "/:":
            part = _FRACTION.match(text, end)
            if part is None or not plain or mantissa >= int(part[1]):
                return None
            mantissa, end, grouped = mantissa / int(part[1]), part.end(), True
        elif plain and (part := _MIXED_FRACTION.match(text, end)) and int(part[1]) < int(part[2]):
            mantissa, end, grouped = EXACT.add(mantissa, Decimal(part[1]) / int(part[2])), part.end(), True
        elif digits[-3:-2] == "." and (part := _MIXED_FRACTION.match(text, end)) and int(part[1]) < int(part[2]):
            cents = EXACT.divide(Decimal(part[1]), 100 * Decimal(part[2]))  # grain: "$5.84-1/2 a bushel"
            mantissa, end = EXACT.add(mantissa, cents), part.end()
    sign, start = read_sign(text, start)
    if sign < 0:
        mantissa = mantissa.copy_negate()
    scale, end = read_scales(text, end)
    return Number(start, end, mantissa, scale, sign, grouped, False, before.isalnum() or before in "_#@")


def find_numbers(text: str) -> tuple[Number, ...]:
    """Find the number expressions of a text, in digits or in words, in the order of the text.

    text (str): cleaned by `clean_text`.
    """
    return _find_numbers_once(text) if len(text) < _MAX_KEPT else _find_numbers(text)


def _find_numbers(text: str) -> tuple[Number, ...]:
    numbers = []
    end = 0
    for match in (_ASCII_NUMERAL if text.isascii() else _NUMERAL).finditer(text):
        if match.start() < end:  # the fraction of "7 3/4"
            continue
        number = _read_digits(text, match)
        if number is not None:
            numbers.append(number)
            end = number.end
    words = [_sign_words(text, *found) for found in find_words(text)]
    return tuple(_merge(numbers, words) if words else numbers)


def _sign_words(text: str, start: int, end: int, mantissa: Decimal, scale: Decimal | None) -> Number:
    sign, start = read_sign(text, start)
    return Number(start, end, mantissa.copy_negate() if sign < 0 else mantissa, scale, sign, in_words=True)


# The normalizers of a pipeline read a document one after the other: the last text is kept, unless it is large.
_MAX_KEPT = 20_000
_find_numbers_once = functools.lru_cache(maxsize=1)(_find_numbers)


def _merge(numbers: list[Number], words: list[Number]) -> list[Number]:
    """In the order of the text; where two overlap ("half of 1"), the words win."""
    merged: list[Number] = []
    for number in sorted(numbers + words, key=_position):
        if not merged or number.start >= merged[-1].end:
            merged.append(number)
    return merged


def _position(number: Number) -> tuple[int, bool]:
    return number.start, not number.in_words


def read_number(text: str) -> Decimal | None:
    """Read a text that is one number expression: "1.234,56", "-3.1bn", "half a million".

    RETURNS (Decimal | None): None where it is not, or not only, a number.
    """
    text = text.strip()
    numbers = find_numbers(text)
    if len(numbers) == 1 and (numbers[0].start, numbers[0].end) == (0, len(text)):
        return numbers[0].value
    return None
