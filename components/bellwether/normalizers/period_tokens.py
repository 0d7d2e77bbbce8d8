"""Splits a text into the tokens of dates and periods, each with one letter that says what it is.

"Q3 FY24 rose in May" becomes the letters `QK_iM`, in which `period_grammar` looks for periods. So the grammar reads
words, not characters, and a text without a date costs one pass.

| letter | token | letter | token |
|---|---|---|---|
| M, m | month, abbreviated month | y, z | number of four digits, other of two digits |
| w | weekday | d, n | number 1 to 31, longer number |
| O | ordinal: "3rd", "third" | c | cardinal in words |
| E, e, U | 14/03/2031, 14/03, 2031-03 | R, r | 2031-33, 3-7 |
| Q | Q3, 3Q24, H1, 1H22 | K | FY24, FY2023/24 |
| q h Y N W D G V p | quarter half year month week day decade weekend period | S | days, weeks … years |
| X | YoY, q/q, YTD, LTM | Z | Christmas, Easter (several words are one token) |
| 9, 6 | 31-2031, 9M31 | 3 | w/c (week commencing) |
| x | any other number | _, ; | any other word, end of a sentence |

The rest are words of `calendar_terms.WORDS`; punctuation stands for itself (`-` tight, `=` with spaces around it).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple, overload

from .calendar_terms import COMPARISONS, HOLIDAYS, TO_DATE, TRAILING, WORDS

_words = str.split

_HOLIDAY = "|".join(sorted((re.escape(name) for name in HOLIDAYS), key=len, reverse=True))
_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_ONES = _words("one two three four five six seven eight nine")
_TEENS = _words("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_WORD_NUMBERS = {
    **{word: number for number, word in enumerate(_ONES, 1)},
    **{word: number for number, word in enumerate(_TEENS, 10)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)})"
_YEAR_IN_WORDS = (
    rf"(?:(?:seven|eight|nine)teen|twenty)[ -](?:hundred[ -](?:and[ -])?)?{_BELOW_HUNDRED}"
    rf"|two thousand(?: (?:and )?(?:{_BELOW_HUNDRED}|{'|'.join(_ONES)}))?"
)
_TOKEN = re.compile(
    r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?(?=[-\u2013][0-9]{1,2}/[0-9])"  # of "10/1-11/7"
    r"|[0-9]+(?:(?:[./:]|[-,\u2013~](?=[0-9]))[0-9]+)*(?:(?:st|nd|rd|th)(?![^\W_])|[^\W\d_]+[0-9]*)?"
    rf"|(?:{_HOLIDAY})(?![^\W_])"
    r"|(?:[qmwy]/[qmwy]|[yqmw]-o-[yqmw]|yr/yr|qtr/qtr|w/c)(?![^\W_])"
    r"|fy[0-9]{2,4}[-/\u2013][0-9]{2,4}(?![0-9])"
    rf"|(?:{_YEAR_IN_WORDS})(?![^\W_])"
    r"|twenty-[^\W\d_]+|thirty-first|year-(?:ago|earlier)|prior-year"
    r"|[^\W\d_]+(?:[0-9]+(?:/[0-9]+)?(?:[^\W\d_]+[0-9]+)?)?"
    r"|[^\w\s]|_"
)
_TWO_DIGITS = 100
# A year of two digits is one of these hundred.
_FIRST_SHORT_YEAR = 1970
_MONTHS = 12
_LONGEST_DAY = 31
_LONGEST_NUMBER = 8  # digits; 20310314

_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_QUARTER = re.compile(r"(?:([qh])([1-4])|([1-4])([qh]))(?:(fy|cy)?([0-9]{2}|[0-9]{4}))?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([qh])([1-4])")
_FISCAL = re.compile(r"fy([0-9]{4}|[0-9]{2})(?:[-/\u2013]([0-9]{4}|[0-9]{2}))?")
_MONTHS_OF_YEAR = re.compile(r"([69])m([0-9]{2}|20[0-9]{2})?")
_CALENDAR_YEAR = re.compile(r"cy([0-9]{4}|[0-9]{2})")
_GLUED_DAY = re.compile(r"([a-z]{3,9}?)([0-9]{1,2})")
_DECADE = re.compile(r"([0-9]{4})s")
_DATE = re.compile(r"([0-9]{1,4})([-./])([0-9]{1,2})\2([0-9]{1,4})")
_SHORT_DATE = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})")
_YEARS = re.compile(r"([12][0-9]{3})[-/\u2013~]([12][0-9]{3}|[0-9]{2})")
_YEAR_MONTH = re.compile(r"([12][0-9]{3})[-/]([0-9]{1,2})|([0-9]{1,2})[-/]([12][0-9]{3})")
_SIGNS = frozenset("$#@\u20ac\u00a3\u00a5")


class Token(NamedTuple):
    """A token of a text.

    start, end (int): bounds in characters.
    word (str): in lower case.
    code (str): its letter.
    values (tuple): the numbers it stands for: (3,) for March, (2031, 2033) for "2031-33", None for an unknown part.
    """

    start: int
    end: int
    word: str
    code: str
    values: tuple[int | None, ...] = ()


def lower(text: str) -> str:
    """RETURNS (str): in lower case, character by character, so that bounds stay."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join([char.lower() if char.isascii() else char for char in text])
    return lowered


def full_year(number: int) -> int:
    """RETURNS (int): 2024 for 24; a number of more digits as it is."""
    if number >= _TWO_DIGITS:
        return number
    return number + (1900 if number >= _FIRST_SHORT_YEAR - 1900 else 2000)


class Tokens(Sequence[Token]):
    """The tokens of a text, each read when it is asked for: most of a text is passed over.

    words (list): the words of the tokens.
    codes (str): a letter for every token.
    """

    def __init__(self, lowered: str) -> None:
        """Split a text in lower case."""
        get = _CODES.get
        self._text = lowered
        self.words = words = _TOKEN.findall(lowered)
        self.codes = "".join([get(word) or ("_" if word.isalpha() else _read(word)[0]) for word in words])
        self._spans: list[tuple[int, int]] | None = None
        self._made: dict[int, Token] = {}

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self.words)))]
        token = self._made.get(index)
        if token is None:
            if self._spans is None:
                self._spans = [match.span() for match in _TOKEN.finditer(self._text)]
            word = self.words[index]
            entry = WORDS.get(word)
            code, values = (entry[0], (entry[1],)) if entry else _read(word)
            token = self._made[index] = Token(*self._spans[index], word, code, values)
        return token


_CODES = {
    **{word: code for word, (code, _) in WORDS.items()},
    **dict.fromkeys((*COMPARISONS, *TO_DATE, *TRAILING), "X"),
    **dict.fromkeys(HOLIDAYS, "Z"),
}


def _read(word: str) -> tuple[str, tuple[int | None, ...]]:  # noqa: PLR0911
    """The letter and the numbers of a token that is no plain word of the calendar."""
    first = word[0]
    if first.isdecimal() and first.isascii():
        return _read_digits(word)
    last = word[-1]
    if last.isdigit():
        return _read_word_with_digits(word)
    if word in HOLIDAYS:
        return "Z", ()
    if not first.isalpha():
        return (first if first in _PUNCTUATION else ";" if first in ";!?" else "!"), ()
    if " " in word or (word[:6] == "twenty" and len(word) > 6):
        number = _read_year_in_words(word)
        return ("_", ()) if number is None else ("y", (number,))
    if word in COMPARISONS or word in TO_DATE or word in TRAILING:
        return "X", ()
    return "_", ()


_PUNCTUATION = frozenset(",-/.'()~:\u2013+")


def _read_number(word: str) -> tuple[str, tuple[int | None, ...]]:
    """Of decimal digits only."""
    size = len(word)
    if size > _LONGEST_NUMBER:
        return "x", ()
    number = int(word)
    if size <= 2:
        code = "d" if 1 <= number <= _LONGEST_DAY else "z" if size == 2 else "n"
        return code, (number,)
    if size == 4 and 1500 <= number < 2300:
        return "y", (number,)
    if size == _LONGEST_NUMBER:
        year, month, day = number // 10000, number // 100 % 100, number % 100
        if 1900 <= year < 2100 and 1 <= month <= _MONTHS and 1 <= day <= _LONGEST_DAY:
            return "E", (year, month, day)
    return "n", (number,)


def _read_digits(word: str) -> tuple[str, tuple[int | None, ...]]:  # noqa: PLR0911, PLR0912
    if word.isdecimal():
        return _read_number(word)
    if match := _ORDINAL.fullmatch(word):
        number = int(match[1])
        return ("O" if number else "x"), (number,)
    if match := _QUARTER.fullmatch(word):
        return _quarter(match)
    if match := _YEAR_FIRST.fullmatch(word):
        return "Q", (_unit(match[2]), int(match[3]), int(match[1]), 0)
    if match := _MONTHS_OF_YEAR.fullmatch(word):
        return "6", (int(match[1]), None if match[2] is None else full_year(int(match[2])))
    if match := _DECADE.fullmatch(word):
        return "y", (int(match[1]),)
    if match := _DATE.fullmatch(word):
        return "E", tuple(int(part) for part in match.group(1, 3, 4))
    if match := _YEARS.fullmatch(word):
        first, second = int(match[1]), int(match[2])
        if len(match[2]) == 2:
            second += first - first % 100
            second += 100 * (second < first and "/" in word)
        if second > first and (len(match[2]) == 4 or second % 100 > _MONTHS or second == first + 1):
            return "R", (first, second)
    if match := _YEAR_MONTH.fullmatch(word):
        year, month = (int(match[1]), int(match[2])) if match[1] else (int(match[4]), int(match[3]))
        if 1900 <= year < 2100:
            if 1 <= month <= _MONTHS:
                return "U", (year, month)
            if match[3] and 1 <= month <= _LONGEST_DAY:
                return "9", (year, month)  # of "Mar-31-2031"
        return "x", ()
    if match := _SHORT_DATE.fullmatch(word.replace("\u2013", "-").replace("~", "-")):
        return {"/": "e", ".": "o", "-": "r"}[match[2]], (int(match[1]), int(match[3]))
    return "x", ()


def _read_year_in_words(word: str) -> int | None:
    """RETURNS (int | None): 1996 for "nineteen ninety six", 2015 for "two thousand and fifteen"."""
    first, *rest = word.replace("-", " ").split()
    century = 20 if first == "two" else _WORD_NUMBERS.get(first)
    if century is None or not rest:
        return None
    return 100 * century + sum(_WORD_NUMBERS.get(part, 0) for part in rest)


def _read_word_with_digits(word: str) -> tuple[str, tuple[int | None, ...]]:  # noqa: PLR0911
    if match := _QUARTER.fullmatch(word):
        return _quarter(match)
    if match := _FISCAL.fullmatch(word):
        first = full_year(int(match[1]))
        if match[2]:
            second = full_year(int(match[2]))
            if second <= first:
                return "_", ()
            return "K", (second,) if second == first + 1 else (first, second)
        return "K", (first,)
    if match := _CALENDAR_YEAR.fullmatch(word):
        return "y", (full_year(int(match[1])),)
    if (match := _GLUED_DAY.fullmatch(word)) and match[1] != "may":
        code, number = WORDS.get(match[1], ("", 0))
        if code and code in "Mm" and 1 <= int(match[2]) <= _LONGEST_DAY:
            return "A", (number, int(match[2]))
    return "_", ()


def _quarter(match: re.Match[str]) -> tuple[str, tuple[int | None, ...]]:
    letter, number = match[1] or match[4], int(match[2] or match[3])
    if letter == "h" and number > 2:
        return "_", ()
    year = None if match[6] is None else full_year(int(match[6]))
    return "Q", (_unit(letter), number, year, int(match[5] == "fy"))


def _unit(letter: str) -> int:
    """Months in a quarter or a half."""
    return 3 if letter == "q" else 6
