"""Reads numbers in words: "five hundred thousand", "half a million", "two and a half", "three lakh crore"."""

import re
from decimal import Decimal
from typing import NamedTuple

from .scales import EXACT, SCALES

_FRACTIONS = {"half": "0.5", "quarter": "0.25", "fifth": "0.2", "eighth": "0.125", "tenth": "0.1"}
"""Those that are exact decimals; a third is not."""
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


# A text without any of these has no number in words.
_HINTS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "leven", "twelve", "thirt", "fift",
    "twent", "fort", "half", "quarter", "illion", "hundred", "thousand", "lakh", "lac", "crore", "fifth",
)  # fmt: skip
# Where a number word may begin, one character early. Approximate but fast: most of a text is passed over here, and
# `_FIRST_WORD` decides.
_CANDIDATE = re.compile(
    r"[^a-z][aefhnoqst]"
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


class WordNumber(NamedTuple):
    """A number in words.

    start, end (int): bounds.
    mantissa (Decimal): the number without its scale.
    scale (Decimal | None): the factor that the last word names; None without one.
    """

    start: int
    end: int
    mantissa: Decimal
    scale: Decimal | None


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


def _read_words(lowered: str, match: re.Match[str]) -> WordNumber:
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
                return WordNumber(match.start(), end, mantissa, scale)
            break
        if reader.last in ("hundred", "scale") and kind not in ("hundred", "scale"):
            checkpoint = reader.result(), end
        reader.add(kind, value)
        end = following.end()
    mantissa, scale = reader.result()
    return WordNumber(match.start(), end, mantissa, scale)


def find_words(text: str) -> list[WordNumber]:
    """Find the numbers in words, in the order of the text."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few characters have a longer lower case
        lowered = "".join([char.lower() if char.isascii() else char for char in text])
    if not any(hint in lowered for hint in _HINTS):
        return []
    numbers: list[WordNumber] = []
    padded = " " + lowered
    candidate = _CANDIDATE.search(padded)
    while candidate:
        start = candidate.start()  # in the text, of what follows the character that is no letter
        end = start + 1
        joined = start and (text[start - 1].isalnum() or text[start - 1] == "_")
        match = None if joined else _FIRST_WORD.match(lowered, start)
        if match:
            numbers.append(_read_words(lowered, match))
            end = numbers[-1].end
        candidate = _CANDIDATE.search(padded, end)
    return numbers
