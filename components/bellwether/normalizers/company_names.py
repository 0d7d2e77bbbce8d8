"""Names of companies as keys that notation does not change: "The Coca-Cola Co." and "Coca Cola Company" read alike."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from .characters import clean_text
from .legal_forms import (
    AMERICAN_FORMS,
    ENGLISH_FORMS,
    FORM_ENDS,
    GENERIC_WORDS,
    LEADING_FORMS,
    LEGAL_FORMS,
    LONGEST_FORM,
)

# What Unicode does not decompose.
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
     "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D"}
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W_]\.){2,}")  # S.p.A., J.P., U.S.
_SLASHED = re.compile(r"(?<![^\W_])([^\W_])/([^\W_])(?![^\W_])")  # A/S
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
# The ends of a word that a form of it has: "targets" is no misspelt "Target".
_INFLECTIONS = frozenset({"s", "es", "d", "ed", "ing", "er", "ly", "y"})

# How a misspelt name may differ, see `typo_similarity`.
MIN_SIMILARITY = 0.8
_MIN_NAME_LENGTH = 6
_MIN_WORD_LENGTH = 5
_MIN_WORD_SIMILARITY = 85.0


class Name(NamedTuple):
    """A name in folded words.

    words (tuple): all of them, without a leading or trailing "the".
    core (tuple): without legal forms; never empty where `words` is not.
    forms (frozenset): the legal forms that were left out, by their first spelling in `legal_forms`.
    """

    words: tuple[str, ...]
    core: tuple[str, ...]
    forms: frozenset[str]

    @property
    def key(self) -> str:
        """The whole name, without spaces: "JP Morgan" and "JPMorgan" are one."""
        return "".join(self.words)

    @property
    def core_key(self) -> str:
        return "".join(self.core)

    def loose_key(self, words: frozenset[str]) -> str:
        """The core without such words at its end; the core itself where nothing would be left that names a company."""
        end = len(self.core)
        while end and self.core[end - 1] in words:
            end -= 1
        rest = self.core[:end]
        if not rest or len(rest[0]) < 3 or (len(rest) == 1 and rest[0] in GENERIC_WORDS):
            rest = self.core
        return "".join(rest)


def tidy(text: str) -> str:
    """RETURNS (str): the text as it is compared letter by letter: plain characters, single spaces."""
    return " ".join(clean_text(text).text.split())


def strip_possessive(text: str) -> str:
    """RETURNS (str): "Norvane" for "Norvane's"; the text itself where it is no possessive."""
    return _POSSESSIVE.sub("", text)


def fold_words(text: str) -> list[str]:
    """RETURNS (list): the words of a text in lower case, without accents, apostrophes and dots, "and" for "&"."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join([char for char in decomposed if not unicodedata.combining(char)])
    text = text.casefold().replace("'", "").replace("&", " and ")
    if text.count(".") > 1:
        text = _DOTTED.sub(_without_dots, text)
    if "/" in text:
        text = _SLASHED.sub(r"\1\2", text)
    return _WORD.findall(text)


def _without_dots(match: re.Match[str]) -> str:
    # A space keeps "S.A.B" apart from "de" in "S.A.B.de C.V."
    return match[0].replace(".", "") + " "


def read_name(text: str) -> Name:
    """Read a name.

    text (str): as `tidy` returns it.
    RETURNS (Name): its words; no words where the text has neither letters nor digits.
    """
    words = fold_words(text)
    if len(words) > 1 and words[0] == "the":
        del words[0]
    if len(words) > 1 and words[-1] == "the":  # "Gap, Inc. (The)"
        del words[-1]
    forms = set()
    start, end = 0, len(words)
    while end > 1:
        size, form = _last_form(words, end)
        if not size:
            break
        forms.add(form)
        end -= size
    if end > 1 and words[end - 1] == "and":  # "Tiffany &"
        end -= 1
    if end > 1 and words[0] in LEADING_FORMS:
        forms.add(words[0])
        start = 1
    return Name(tuple(words), tuple(words[start:end]), frozenset(forms))


def _last_form(words: list[str], end: int) -> tuple[int, str]:
    """How many words at the end are a legal form, and which; at least one word is left."""
    if words[end - 1] in FORM_ENDS:
        for size in range(min(LONGEST_FORM, end - 1), 0, -1):
            form = LEGAL_FORMS.get(tuple(words[end - size : end]))
            if form is not None:
                return size, form
    # "Novo Nordisk A S": letters that stand alone.
    if len(words[end - 1]) == 1:
        for size in range(min(4, end - 1), 1, -1):
            letters = "".join(words[end - size : end])
            if len(letters) == size and (letters,) in LEGAL_FORMS:
                return size, LEGAL_FORMS[letters,]
    return 0, ""


def compare_forms(first: Name, second: Name) -> Literal["same", "translated", "other"]:
    """Whether the legal forms of two names allow that they are one company.

    RETURNS (str): "same" where one has no form, or they share one; "translated" where one form may be an English word
        for the other, or an American one for an American one; else "other".
    """
    if not first.forms or not second.forms or not first.forms.isdisjoint(second.forms):
        return "same"
    if AMERICAN_FORMS.isdisjoint(first.forms) or AMERICAN_FORMS.isdisjoint(second.forms):
        return "translated" if (first.forms <= ENGLISH_FORMS) != (second.forms <= ENGLISH_FORMS) else "other"
    return "translated"


def may_be_misspelt(name: Name) -> bool:
    """Whether a name is long and particular enough to be compared letter by letter with others."""
    core = name.core
    if sum(map(len, core)) < _MIN_NAME_LENGTH:
        return False
    return any(word not in GENERIC_WORDS for word in core)


def typo_cutoff(length: int, threshold: float) -> float:
    """RETURNS (float): the ratio of rapidfuzz, 0 to 1, below which `typo_similarity` is below the threshold, for a text
    of this length. Two letters that changed places are two edits there and one here."""
    return min(threshold, 1 - 1 / length)


def typo_similarity(first: str, second: str) -> float:
    """How alike two names are, if one is the other misspelt.

    They have as many words as each other, begin with the same letter and contain the same numbers. Word by word, those
    of up to four letters are equal, and longer ones differ by a letter or two, or in the place of two neighbours. So
    neither "State Bank of India" and "State Bank of Indiana" nor "Targets" and "Target" are one.

    first, second (str): cores of names, words separated by a space.
    RETURNS (float): 0 to 1; 0 where they are different names. The share of letters that both have, in order (the ratio
        of rapidfuzz); neighbours that changed places count as one letter.
    """
    if first[:1] != second[:1]:
        return 0.0
    words, others = first.split(" "), second.split(" ")
    if len(words) != len(others):
        return 0.0
    edits = 0
    for word, other in zip(words, others, strict=True):
        if word != other:
            distance = _word_edits(word, other)
            if not distance:
                return 0.0
            edits += distance
    return 1 - edits / (len(first) + len(second))


@lru_cache(maxsize=4096)
def _word_edits(word: str, other: str) -> int:
    """The letters in which two different words differ; 0 where they are different words rather than a misspelt one."""
    if min(len(word), len(other)) < _MIN_WORD_LENGTH or _DIGITS.findall(word) != _DIGITS.findall(other):
        return 0
    if len(word) == len(other) and sorted(word) == sorted(other) and OSA.distance(word, other) == 1:
        return 1
    short, long = sorted((word, other), key=len)
    if long.startswith(short) and long[len(short) :] in _INFLECTIONS:
        return 0
    ratio = fuzz.ratio(word, other)
    if ratio < _MIN_WORD_SIMILARITY:
        return 0
    return round((1 - ratio / 100) * (len(word) + len(other)))
