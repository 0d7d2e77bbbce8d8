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
from decimal import Context, Decimal
from typing import NamedTuple

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

_FRACTIONS = {"half": "0.5", "quarter": "0.25", "fifth": "0.2", "eighth": "0.125", "tenth": "0.1"}
"""Those that are exact decimals; a third is not."""
_VULGAR = {"¼": "0.25", "½": "0.5", "¾": "0.75", "⅛": "0.125", "⅜": "0.375", "⅝": "0.625", "⅞": "0.875"}

_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORD_SCALES = tuple(word for word in SCALES if len(word) > 4 or word in ("lakh", "lacs"))
# word: (kind, value)
_WORDS: dict[str, tuple[str, Decimal]] = {
    **{word: ("small", Decimal(index)) for index, word in enumerate(_SMALL, 1)},
    **{word: ("teen", Decimal(index)) for index, word in enumerate(_TEENS, 10)},
    **{word: ("tens", Decimal(10 * index)) for index, word in enumerate(_TENS, 2)},
    **{word: ("scale", SCALES[word]) for word in _WORD_SCALES},
    "hundred": ("hundred", Decimal(100)),
}
# Which kinds of word may follow which, inside one number.
_FOLLOWS = {
    "small": {"hundred", "scale"},
    "teen": {"hundred", "scale"},
    "tens": {"small", "scale"},
    "hundred": {"small", "teen", "tens", "scale"},
    "scale": {"small", "teen", "tens", "scale"},
    "article": {"hundred", "scale"},
}
_MAX_WORDS = 24


def _either(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NUMERAL = re.compile(
    r"[\d¼½¾⅛⅜⅝⅞](?:"
    r"\d{0,2}(?: \d{3}(?!\d))+(?:[.,]\d+)?"  # 1 234,56
    r"|\d*(?:[.,']\d+)*[¼½¾⅛⅜⅝⅞]?"
    r")"
)
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?")
_DOT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
_OTHER_GROUPS = re.compile(r"\d{1,3}(?:(?: \d{3})+|(?:'\d{3})+)(?:[.,]\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}|0,\d+")
_MIXED_FRACTION = re.compile(r"[ -](\d\d?)/(2|4|8|16|32)(?![\d/])")
_FRACTION = re.compile(r"/(2|4|8|16|32)(?![\d/.,])")
_LETTERS = re.compile(r"[^\W\d_]+")
_GAPS = frozenset(" -\n")
_JOINS = frozenset("&'-")
_SCALE_INITIALS = frozenset(initial for word in SCALES for initial in (word[0], word[0].upper()))
# Where a number word may begin. Approximate but fast: most of a text is passed over here, and `_FIRST_WORD` decides.
_CANDIDATE = re.compile(
    r"[aefhnoqst](?<=\b.)"
    r"(?:ne|wo|hree|our|ive|ix|even|ight|ine|en|leven|welve|hir|if|wen|or|alf|uarter|n?[ -](?=[htmblcqfe]))"
)
# These read lower-cased text.
_FIRST_WORD = re.compile(
    r"(?:"
    r"(?P<fraction>(?:(?P<count>an?|one|two|three|four|five|seven|nine)[ -])?"
    r"(?P<part>half|quarter|fifth|eighth|tenth)s?"
    rf"(?:[ -](?:of[ -])?(?:an?|one|1)|(?=[ -](?:{_either((*_WORD_SCALES, 'per ?cent', 'percentage'))})\b)))"
    rf"|(?P<article>an?)(?=[ -](?:{_either(_WORD_SCALES)})\b)"
    rf"|(?P<word>{_either(_SMALL + _TEENS + _TENS)})"
    r")\b"
)
_NEXT_WORD = re.compile(rf"([ -](and[ -])?)({_either(tuple(_WORDS))})\b")
_AND_A_PART = re.compile(r"[ -]and[ -]a[ -](half|quarter)\b")
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
    if word.lower() in GLUED_SCALES or (len(word) < 4 and (following in _JOINS or text[position] == "-")):
        return True
    return len(word) == 1 and following == ")" and "(" not in text[max(0, position - 16) : position]


def _read_scales(text: str, position: int) -> tuple[Decimal | None, int]:
    """As `read_scale`, of one word or two ("lakh crore", "hundred million")."""
    first = read_scale(text, position)
    if first is None:
        return None, position
    factor, end = first
    if text[end : end + 1] == " " and (second := read_scale(text, end)) is not None and second[1] - end > 4:
        return factor * second[0], second[1]
    return factor, end


def read_sign(text: str, start: int) -> tuple[int, int]:
    """Read the sign, or the word "minus", before a number or a currency.

    RETURNS (tuple): -1, 1, or 0 without a sign; and where the expression begins, its sign included.
    """
    if start and (sign := _SIGNS.get(text[start - 1])):
        before = text[start - 2] if start > 1 else " "
        if not (before.isalnum() or before in _JOINED):
            return sign, start - 1
    if start > 5 and text[start - 1] == " ":
        word = text[max(0, start - 10) : start - 1].rpartition(" ")[2].lower()
        if word in ("minus", "negative"):
            return -1, start - 1 - len(word)
    return 0, start


def _read_digits(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    digits = match[0]
    plain = digits.isdecimal()
    mantissa = read_numeral(digits)
    if mantissa is None:
        return None
    before = text[start - 1] if start else " "
    following = text[end : end + 1]
    grouped = not plain
    if before in _LEFT_JOINS and start:
        further = text[start - 2] if start > 1 else " "
        if before == "." and not (further.isalnum() or further in ".)"):
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
    sign, start = read_sign(text, start)
    if sign < 0:
        mantissa = mantissa.copy_negate()
    scale, end = _read_scales(text, end)
    return Number(start, end, mantissa, scale, sign, grouped, False, before.isalnum() or before in "_#@")


class _WordReader:
    """Adds up the words of one number, as long as each may follow the one before."""

    def __init__(self) -> None:
        self.total = Decimal(0)  # of the groups that a scale has closed
        self.group = Decimal(0)
        self.smallest = Decimal(10) ** 15  # scales fall from left to right
        self.last = ""
        self.scales = 0

    def accepts(self, kind: str, value: Decimal) -> bool:
        if (self.last and kind not in _FOLLOWS[self.last]) or (kind == "hundred" and self.group >= 100):
            return False
        if kind != "scale":
            return True
        if self.last == "scale":
            return self.scales == 1 and value > self.smallest and not self.group  # "lakh crore"
        return value < self.smallest

    def add(self, kind: str, value: Decimal) -> None:
        if kind == "scale":
            if self.last == "scale":
                self.total *= value
                value *= self.smallest
            else:
                self.total += self.group * value
            self.group = Decimal(0)
            self.smallest = value
            self.scales += 1
        elif kind == "hundred":
            self.group *= 100
        else:
            self.group += value
        self.last = kind

    def add_part(self, part: Decimal) -> None:
        """ "and a half": of the last scale where one was just read ("a million and a half"), else of one."""
        if self.last == "scale":
            self.total += part * self.smallest
            self.scales += 1  # the scale is no longer that of the whole
        else:
            self.group += part
            self.last = "teen"

    def result(self) -> tuple[Decimal, Decimal | None]:
        if self.last == "scale" and self.scales == 1:
            return EXACT.divide(self.total, self.smallest), self.smallest
        return self.total + self.group, None


def _read_words(text: str, lowered: str, match: re.Match[str]) -> Number:
    reader = _WordReader()
    end = match.end()
    if match["fraction"]:
        count = match["count"] or "a"
        times = _WORDS[count][1] if count in _WORDS else Decimal(1)
        reader.add("teen", times * Decimal(_FRACTIONS[match["part"]]))
    elif match["article"]:
        reader.add("article", Decimal(1))
    else:
        reader.add(*_WORDS[match["word"]])
    checkpoint: tuple[tuple[Decimal, Decimal | None], int] | None = None
    for _ in range(_MAX_WORDS):
        if reader.last != "article" and (part := _AND_A_PART.match(lowered, end)):
            reader.add_part(Decimal(_FRACTIONS[part[1]]))
            end = part.end()
            continue
        following = _NEXT_WORD.match(lowered, end)
        if following is None:
            break
        kind, value = _WORDS[following[3]]
        if following[2] and reader.last not in ("hundred", "scale"):  # "between three and five"
            break
        if not reader.accepts(kind, value):
            if checkpoint and kind in ("hundred", "scale"):  # "between one million and two million"
                (mantissa, scale), end = checkpoint
                return Number(match.start(), end, mantissa, scale, in_words=True)
            break
        if reader.last in ("hundred", "scale") and kind not in ("hundred", "scale"):
            checkpoint = reader.result(), end
        reader.add(kind, value)
        end = following.end()
    mantissa, scale = reader.result()
    sign, start = read_sign(text, match.start())
    if sign < 0:
        mantissa = -mantissa
    return Number(start, end, mantissa, scale, sign, in_words=True)


def _find_words(text: str) -> list[Number]:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few characters have a longer lower case
        lowered = "".join([char.lower() if char.isascii() else char for char in text])
    numbers: list[Number] = []
    candidate = _CANDIDATE.search(lowered)
    while candidate:
        end = candidate.start() + 1
        match = _FIRST_WORD.match(lowered, candidate.start())
        if match:
            numbers.append(_read_words(text, lowered, match))
            end = numbers[-1].end
        candidate = _CANDIDATE.search(lowered, end)
    return numbers


def find_numbers(text: str) -> tuple[Number, ...]:
    """Find the number expressions of a text, in digits or in words, in the order of the text.

    text (str): cleaned by `clean_text`.
    """
    return _find_numbers_once(text) if len(text) < _MAX_KEPT else _find_numbers(text)


def _find_numbers(text: str) -> tuple[Number, ...]:
    numbers = []
    end = 0
    for match in _NUMERAL.finditer(text):
        if match.start() < end:  # the fraction of "7 3/4"
            continue
        number = _read_digits(text, match)
        if number is not None:
            numbers.append(number)
            end = number.end
    words = _find_words(text)
    return tuple(_merge(numbers, words) if words else numbers)


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
