"""What a document says about a currency beside its amounts: names of currencies ("a floor under the rand"), of
countries, and legal forms of companies (a Norwegian AS, a Danish A/S)."""

import functools
import re

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from .currencies import load_notations
from .currency_data import CITIES, LEGAL_FORMS

_SHORTEST_ADJECTIVE = 3  # "us" of "US dollar" is a pronoun
# "All amounts are in Canadian dollars", "reports in Australian dollars"
_STATED = re.compile(
    r"\b(?:amounts|figures|are|is|report\w*|stated|expressed|presented|denominated|prepared)(?: are)? in "
    r"(canadian|australian|new zealand|singapore|hong kong|u\.?s\.?) dollars"
)
_STATED_CODES = {
    "canadian": "CAD", "australian": "AUD", "new zealand": "NZD", "singapore": "SGD", "hong kong": "HKD",
}  # fmt: skip
_US = re.compile(r"\bU(?:\.S\.|S\b)")


def _countries() -> dict[str, str]:
    """English names by ISO 3166 code; babel lists continents and the like as well, under numbers."""
    return {str(code): str(name) for code, name in Locale("en").territories.items() if len(str(code)) == 2}


def _either(words: set[str]) -> re.Pattern[str] | None:
    words = words - {""}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b") if words else None


@functools.cache
def _places(code: str) -> re.Pattern[str] | None:
    """Names of the countries and cities that pay in a currency, and the adjective in its name ("Kenya", "Nairobi",
    "Kenyan")."""
    places = {name.lower() for country, name in _countries().items() if code in get_territory_currencies(country)}
    adjective = get_currency_name(code, count=1, locale="en").lower().rpartition(" ")[0]
    return _either(
        places | set(CITIES.get(code, ())) | ({adjective} if len(adjective) >= _SHORTEST_ADJECTIVE else set())
    )


@functools.cache
def _names(code: str) -> re.Pattern[str] | None:
    """Names that mean this currency only: "Egyptian pound", "rand"."""
    full = {get_currency_name(code, count=count, locale="en").lower() for count in (1, 2)}
    heads = {name.rpartition(" ")[2] for name in full}
    notations = load_notations()
    own = {head for head in heads if (found := notations.name(head)) and found.codes == (code,) and found.divisor == 1}
    return _either(full | own)


def _only(patterns: dict[str, re.Pattern[str] | None], text: str) -> str | None:
    found = [code for code, pattern in patterns.items() if pattern and pattern.search(text)]
    return found[0] if len(found) == 1 else None


def name_evidence(lowered: str, codes: tuple[str, ...]) -> str | None:
    """The one of these currencies that the text names; None where it names none of them, or several.

    lowered (str): the text in lower case.
    """
    return _only({code: _names(code) for code in codes}, lowered)


def statement_evidence(lowered: str) -> str | None:
    """The dollar that the text says it counts in; None where it says nothing, or two things.

    lowered (str): the text in lower case.
    """
    found = {_STATED_CODES.get(match[1], "USD") for match in _STATED.finditer(lowered)}
    return found.pop() if len(found) == 1 else None


def country_evidence(text: str, lowered: str, codes: tuple[str, ...]) -> str | None:
    """The one of these currencies whose country the text names; None where it names none of them, or several.

    lowered (str): the text in lower case.
    """
    if "USD" in codes and _US.search(text):
        return "USD" if _only({code: _places(code) for code in codes if code != "USD"}, lowered) is None else None
    return _only({code: _places(code) for code in codes}, lowered)


def legal_form_evidence(text: str, codes: tuple[str, ...]) -> str | None:
    """The one of these currencies in whose country the companies of the text are registered, by their legal forms."""
    return _only({code: LEGAL_FORMS.get(code) for code in codes}, text)
