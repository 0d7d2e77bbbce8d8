"""What an amount of money is for: "$1.20 a share", "€300 per tonne", "$88/lb". The words are data."""

import re

_words = str.split

UNITS = {
    "share": "share", "shares": "share", "ads": "ads", "adr": "adr", "unit": "unit", "certificate": "certificate",
    "bond": "bond",
    "note": "note", "warrant": "warrant", "contract": "contract", "tonne": "tonne", "tonnes": "tonne", "mt": "tonne",
    "ton": "ton",
    "barrel": "barrel", "barrels": "barrel", "bbl": "barrel", "boe": "boe", "ounce": "ounce", "oz": "ounce",
    "pound": "pound",
    "lb": "pound", "lbs": "pound", "gram": "gram", "gramme": "gram", "kilogram": "kilogram", "kilo": "kilogram",
    "kg": "kilogram",
    "carat": "carat", "bushel": "bushel", "gallon": "gallon", "litre": "litre", "liter": "litre", "mmbtu": "mmbtu",
    "therm": "therm",
    "mwh": "megawatt_hour", "kwh": "kilowatt_hour", "gigajoule": "gigajoule", "gj": "gigajoule", "hectare": "hectare",
    "acre": "acre",
    "mile": "mile", "kilometre": "kilometre", "kilometer": "kilometre", "km": "kilometre", "flask": "flask",
    "bag": "bag",
    "bale": "bale", "box": "box", "case": "case", "crate": "crate", "dozen": "dozen", "head": "head",
    "person": "person",
    "customer": "customer", "user": "user", "subscriber": "subscriber", "employee": "employee", "worker": "worker",
    "household": "household", "passenger": "passenger", "seat": "seat", "ticket": "ticket", "room": "room",
    "vehicle": "vehicle", "car": "car", "container": "container", "teu": "teu", "minute": "minute", "hour": "hour",
    "day": "day",
    "night": "night", "week": "week", "month": "month", "quarter": "quarter", "year": "year", "annum": "year",
    "dollar": "dollar",
    "euro": "euro",
}  # fmt: skip
"""What may follow an article: "$5 a share". After "per", any noun may."""

COMPOUNDS = {
    "metric ton": "tonne", "metric tonne": "tonne", "troy ounce": "ounce", "fine ounce": "ounce", "short ton": "ton",
    "long ton": "ton",
    "megawatt hour": "megawatt_hour", "megawatt-hour": "megawatt_hour", "kilowatt hour": "kilowatt_hour",
    "kilowatt-hour": "kilowatt_hour", "square foot": "square_foot", "square metre": "square_meter",
    "square meter": "square_meter",
    "million btu": "mmbtu", "million british": "mmbtu", "depositary share": "ads", "cubic metre": "cubic_meter",
    "cubic meter":
    "cubic_meter", "cubic foot": "cubic_foot",
}  # fmt: skip

ADVERBS = {"annually": "year", "yearly": "year", "monthly": "month", "weekly": "week", "daily": "day", "hourly": "hour"}

# Between "per" and its noun: "per diluted ordinary share".
_ADJECTIVES = frozenset(
    _words(
        "diluted basic ordinary registered common preferred preference bearer new old existing outstanding class "
        "fully issued each voting american depositary every single a b"
    )
)
# "5 euros per cent …" is about the percentage.
_NO_UNIT = frozenset({"cent", "cents"})
_PER = re.compile(
    r"(?: in (?:cash|stock))? (?:(per|for each)|an?) (?=[a-zA-Z])|/(?=[a-zA-Z])"
    r"|-(?:an?|per)-(?=[a-zA-Z])| to the (?=(?:dollar|euro|pound)\b)"
)
# "$8 million a year earlier"
_AGO = re.compile(r" (?:earlier|ago|before|later|previously|from now|and a half)\b")
_ADVERB = re.compile(rf" ({'|'.join(ADVERBS)})\b")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST = frozenset(" /-")
_MAX_WORDS = 4


def read_per(text: str, position: int) -> tuple[str | None, int]:
    """Read what stands behind an amount.

    RETURNS (tuple): what the amount is for, singular, and the end of these words; None and the position itself where
        nothing is said.
    """
    nothing = None, position
    if text[position : position + 1] not in _FIRST:
        return nothing
    match = _PER.match(text, position)
    if match is None:
        adverb = _ADVERB.match(text, position)
        return (ADVERBS[adverb[1]], adverb.end()) if adverb else nothing
    found = _read_noun(text, match.end(), open_class=match[1] is not None or text[position] == "/")
    if found is None or _AGO.match(text, found[1]):
        return nothing
    return found


def _read_noun(text: str, position: int, open_class: bool) -> tuple[str, int] | None:
    """The unit that begins at a position, adjectives skipped; with an open class any noun is one."""
    for _ in range(_MAX_WORDS):
        word = _WORD.match(text, position)
        if word is None:
            break
        lowered = word[0].lower()
        second = _WORD.match(text, word.end() + 1)
        if second and (compound := COMPOUNDS.get(f"{lowered} {second[0].lower()}")):
            return compound, second.end()
        unit = COMPOUNDS.get(lowered) or UNITS.get(lowered) or UNITS.get(lowered.partition("-")[0])
        if unit:
            return unit, word.end()
        if lowered not in _ADJECTIVES:
            return (lowered, word.end()) if open_class and lowered not in _NO_UNIT else None
        position = word.end() + (text[word.end() : word.end() + 1] == " ")
    return None
