"""What currency a notation beside a number means: ISO codes and names from babel, signs and trade usage from
`currency_data`."""

import functools
import re
import unicodedata
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies, list_currencies

from . import currency_data as data
from .characters import clean_text

_MAX_CANDIDATES = 8
_LONGEST_PREFIX = 8
_LONGEST_SIGN_PREFIX = 4
_CODE_WITH_SCALE = re.compile(r"(?:([MKT])([A-Z]{3})|([A-Z]{3})(k|m|mn|bn|b))")
_CODE_SCALES = {"M": 6, "K": 3, "T": 3, "k": 3, "m": 6, "mn": 6, "bn": 9, "b": 9}
_SIGN_BEHIND = re.compile(r"[\d.,]{1,20} ?(?:[$€£¥]|cents?\b)")
# "cost US $3 bn", but not "for the US $3 billion is little"
_US_APART = re.compile(r"(?<![\w.&-])(?<!\bthe )(?<!\bThe )(?<!\bin )(?<!\bof )US $")
_PAIR = re.compile(r"[A-Z]{3}/[A-Z]{3}(?![A-Z])")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_CROWNS = frozenset({"krona", "kronor", "krone", "kroner", "koruna", "korunas", "króna", "krónur", "kroon", "kroons"})
_CENTS = {"dollar": "cent", "dollars": "cents", "rand": "cents"}


class Currency(NamedTuple):
    """What a notation says.

    codes (tuple): the ISO 4217 codes that it may mean, most likely first.
    key (str | None): where there are several: what the setting calls this notation ("$", "kr", "franc").
    divisor (int): 100 for cents and pence.
    factor (Decimal | None): a scale inside the notation ("MEUR", "SEKm").
    """

    codes: tuple[str, ...]
    key: str | None = None
    divisor: int = 1
    factor: Decimal | None = None

    def agrees(self, other: "Currency") -> bool:
        """Whether both can mean the same currency."""
        return not set(self.codes).isdisjoint(other.codes)


class Notation(NamedTuple):
    """A notation found beside a number: its currency and its outer end.

    demand (str): what the number must have for this to count: "", "scale" (a scale), "form" (a scale or a separator),
        "size" (these or three digits), "singular" (a form, or to be no more than one).
    """

    currency: Currency
    position: int
    demand: str = ""


def _parse_entry(entry: str) -> Currency:
    code, _, divisor = entry.partition("/")
    if code in data.SHARED:
        return Currency(tuple(data.SHARED[code]), data.SAME_SETTING.get(code, code), 100 if code in data.MINOR else 1)
    return Currency((code,), None, int(divisor or 1))


def _rank(code: str) -> int:
    return data.RANKING.index(code) if code in data.RANKING else len(data.RANKING)


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


class CurrencyNotations:
    """All notations, indexed for a look to the left and a look to the right of a number."""

    def __init__(self) -> None:
        self.iso_codes = frozenset(list_currencies()) - data.NO_CURRENCY
        self.codes = self.iso_codes | data.MARKET_CODES.keys()
        self.signs = {sign: _parse_entry(entry) for sign, entry in data.SIGNS.items()}
        self.prefixes = {word: _parse_entry(entry) for word, entry in data.PREFIXES.items()}
        self.glued_names = {word: _parse_entry(entry) for word, entry in data.GLUED_NAMES.items()}
        self.sign_prefixes = {
            (prefix.lower(), sign): _parse_entry(entry)
            for sign, prefixes in data.SIGN_PREFIXES.items()
            for prefix, entry in prefixes.items()
        }
        # first word: names that begin with it, longest first, each with the rest of its words
        self.names = self._index_names()

    def _index_names(self) -> dict[str, tuple[tuple[str, Currency], ...]]:
        names: dict[str, Currency] = {}
        heads: dict[str, set[str]] = defaultdict(set)
        current = _current_currencies()
        for code in self.iso_codes:
            for count in (1, 2):
                name = get_currency_name(code, count=count, locale="en").lower()
                if "(" in name:  # an earlier currency of the same name, or an accounting variant
                    continue
                names[name] = Currency((code,))
                demonym, _, head = name.rpartition(" ")
                if head in _CROWNS:
                    names[f"{demonym} {'crown' if count == 1 else 'crowns'}"] = Currency((code,))
                if head in _CENTS:
                    names[f"{demonym} {_CENTS[head]}"] = Currency((code,), None, 100)
                if head not in data.NOT_ALONE:
                    heads[head].add(code)
        singular = {f"{head}s": head for head in heads}
        for head, codes in heads.items():
            ranked = tuple(code for _, _, code in sorted((_rank(code), code not in current, code) for code in codes))
            key = None if len(ranked) == 1 else singular.get(head, head)
            names.setdefault(head, Currency(ranked[:_MAX_CANDIDATES], data.SAME_SETTING.get(str(key), key)))
        for name in list(names):
            names.setdefault(_without_accents(name), names[name])
        names.update({name: _parse_entry(entry) for name, entry in data.NAMES.items()})
        index: dict[str, list[tuple[str, Currency]]] = defaultdict(list)
        for written, currency in names.items():
            name = clean_text(written).text  # "people’s bank dollar", as the rules see it
            first = _WORD.match(name)
            if first is not None:
                index[first[0]].append((name[first.end() :], currency))
        return {first: tuple(sorted(rest, key=_length_of_rest, reverse=True)) for first, rest in index.items()}

    def name(self, word: str) -> Currency | None:
        """The currency of a name of one word, in lower case."""
        return next((currency for rest, currency in self.names.get(word, ()) if not rest), None)

    def code(self, word: str) -> Currency | None:
        """The currency of a word that is an ISO code, or one with a scale ("MEUR", "SEKm")."""
        if word in data.MARKET_CODES:
            return Currency((data.MARKET_CODES[word],))
        if len(word) == 3:
            if word in self.iso_codes or word in data.LOWER_CASE_CODES:
                return Currency((word.upper(),))
        elif 3 < len(word) < 6 and (match := _CODE_WITH_SCALE.fullmatch(word)):
            code = match[2] or match[3]
            if code in self.iso_codes:
                return Currency((code,), factor=Decimal(10) ** _CODE_SCALES[match[1] or match[4]])
        return None

    def read_before(self, text: str, position: int) -> Notation | None:
        """Read the notation that ends at a position, or one space before it.

        RETURNS (Notation | None): its `position` is where it begins.
        """
        end = position
        if end and text[end - 1] in " \n":
            end -= 1
        if not end:
            return None
        char = text[end - 1]
        if char in self.signs:
            return self._read_sign(text, end - 1, end < position)
        if char == "/" or (char == "." and text[end - 2 : end - 1] == "/"):
            start = max(0, end - 2 - (char == "."))
            currency = self.prefixes.get(text[start:end])
            touches = start and (text[start - 1].isalnum() or text[start - 1] in "/&")
            return None if currency is None or touches else Notation(currency, start)
        if char.isalpha() or char == ".":
            return self._read_prefix(text, end, end < position)
        return None

    def _read_prefix(self, text: str, end: int, spaced: bool) -> Notation | None:
        """An abbreviation, a name or a code that ends at a position."""
        start = _word_start(text, end, _LONGEST_PREFIX)
        if start and (text[start - 1].isalnum() or text[start - 1] in "_@#$./") and not _is_second(text, start):
            return None
        word = text[start:end]
        currency = self.prefixes.get(word)
        demand = ""
        if currency is None:
            currency = self.code(word)
            demand = "form" if word in data.WORD_CODES else ""
        elif word in data.SCALED_PREFIXES:
            demand = "scale"
        elif word in data.FORM_PREFIXES:
            demand = "form"
        elif word in data.SINGULAR_PREFIXES:
            demand = "singular"
        elif word in data.GLUED_PREFIXES:
            demand = "form"
            currency = None if spaced else currency
        return None if currency is None else Notation(currency, start, demand)

    def _read_sign(self, text: str, position: int, spaced: bool) -> Notation | None:
        """A sign at a position, with the letters that touch it."""
        sign = text[position]
        start = _word_start(text, position, _LONGEST_SIGN_PREFIX)
        if start < position and not (start and text[start - 1].isalnum()):
            prefix = text[start:position]
            currency = self.sign_prefixes.get((prefix.lower(), sign)) if len(prefix) > 1 or prefix.isupper() else None
            if currency is None and sign == "$":
                currency = self.code(prefix) or self.code(prefix.upper())
            if currency is not None:
                return Notation(currency, start)
        if spaced and text[max(0, position - 1) : position] == " ":
            # Text that was tokenized and lower-cased: "us $ 150", "c $ 16.4"; not "a $ 4 billion deal".
            start = _word_start(text, position - 1, _LONGEST_SIGN_PREFIX)
            word = text[start : position - 1].lower()
            currency = self.sign_prefixes.get((word, sign))
            if currency is not None and (len(word) > 1 or word == "c") and not (start and text[start - 1].isalnum()):
                return Notation(currency, start)
        if not spaced and sign == "$" and _US_APART.search(text, max(0, position - 8), position):
            return Notation(self.sign_prefixes["us", sign], position - 3)
        touching = text[position - 1] if position else " "
        if touching.isalpha() or (spaced and touching.isdigit()):  # "ABC$5", "10$ 20"
            return None
        return Notation(self.signs[sign], position)

    def read_after(self, text: str, position: int) -> Notation | None:
        """Read the notation that begins at a position, or one space or hyphen after it.

        RETURNS (Notation | None): its `position` is where it ends.
        """
        char = text[position : position + 1]
        glued = char not in (" ", "-", "\n")
        if not glued:
            position += 1
            char = text[position : position + 1]
        if char in self.signs:
            following = text[position + 1 : position + 3]
            is_next = following[:1].isalnum() or (following[:1] == " " and following[1:].isdigit())
            if is_next and not glued and following[:1] == " " and _SIGN_BEHIND.match(text, position + 2):
                is_next = False  # "10 $ 30 $"
            return None if is_next else Notation(self.signs[char], position + 1)
        match = _WORD.match(text, position)
        if match is None or text[match.end() : match.end() + 1].isdigit() or text[match.end() : match.end() + 1] == "_":
            return None
        if _PAIR.match(text, match.start()):  # "above 1.0760 EUR/USD"
            return None
        return self._read_suffix(text, match, glued)

    def _read_suffix(self, text: str, match: re.Match[str], glued: bool) -> Notation | None:
        """A code, a name of one or more words, or letters that touch the digits."""
        position = match.start()
        word = match[0].rstrip(".") if match[0].count(".") == 1 else match[0]
        if glued and word in self.glued_names:
            is_screen = text[max(0, position - 4) : position + 1].lstrip() in data.SCREENS
            return None if is_screen else Notation(self.glued_names[word], position + len(word))
        currency = self.code(word)
        if currency is not None:
            return Notation(currency, position + len(word), "form" if word in data.WORD_CODES else "")
        for first in (match[0].lower(), word.lower()):
            for rest, currency in self.names.get(first, ()):
                end = position + len(first) + len(rest)
                if text[position + len(first) : end].lower() == rest and not text[end : end + 1].isalnum():
                    return self._check_name(text, first + rest, Notation(currency, end))
        return None

    def _check_name(self, text: str, name: str, notation: Notation) -> Notation | None:
        if name in data.WEIGHED and text.startswith((" of ", " per square", " a square"), notation.position):
            return notation._replace(demand="scale")
        if name in data.WORDS:
            return notation._replace(demand="size")
        return notation


def _length_of_rest(item: tuple[str, Currency]) -> int:
    return len(item[0])


def _is_second(text: str, start: int) -> bool:
    """Whether a notation follows another amount, as in "USD5m/EUR4m"; "EUR/USD 1.08" is a rate."""
    if text[start - 1] != "/":
        return False
    before = _word_start(text, start - 1, _LONGEST_PREFIX)
    return before > 0 and text[before - 1].isdigit()


def _word_start(text: str, end: int, longest: int) -> int:
    """Where the letters and dots that end at a position begin, at most so many characters before it."""
    start = end
    while start and end - start < longest and (text[start - 1].isalpha() or text[start - 1] == "."):
        start -= 1
    return start


def _current_currencies() -> frozenset[str]:
    """Those that are legal tender somewhere today."""
    territories = [str(code) for code in Locale("en").territories if len(str(code)) == 2]
    return frozenset(code for territory in territories for code in get_territory_currencies(territory))


@functools.cache
def load_notations() -> CurrencyNotations:
    """The notations, built once a process."""
    return CurrencyNotations()
