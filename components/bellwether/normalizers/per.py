"""What an amount of money is for: "$1.20 a share", "€300 per tonne", "$88/lb". The words are data."""

import re

from .units import singularize

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
    "carat": "carat", "bushel": "bushel", "gallon": "gallon", "litre": "liter", "liter": "liter", "mmbtu": "mmbtu",
    "therm": "therm",
    "mwh": "megawatt_hour", "kwh": "kilowatt_hour", "gigajoule": "gigajoule", "gj": "gigajoule", "hectare": "hectare",
    "acre": "acre",
    "mile": "mile", "kilometre": "kilometer", "kilometer": "kilometer", "km": "kilometer", "flask": "flask",
    "bag": "bag",
    "bale": "bale", "box": "box", "case": "case", "crate": "crate", "dozen": "dozen", "head": "head",
    "person": "person",
    "customer": "customer", "user": "user", "subscriber": "subscriber", "employee": "employee", "worker": "worker",
    "household": "household", "passenger": "passenger", "seat": "seat", "ticket": "ticket", "room": "room",
    "vehicle": "vehicle", "car": "car", "container": "container", "teu": "teu", "minute": "minute", "hour": "hour",
    "day": "day",
    "night": "night", "week": "week", "month": "month", "quarter": "quarter", "year": "year", "annum": "year",
    "dollar": "dollar",
    "euro": "euro", "rand": "rand", "yr": "year", "mo": "month", "sh": "share", "gds": "gds", "gdr": "gdr",
    "security": "security", "option": "option", "home": "home", "house": "house", "apartment": "apartment",
    "bottle": "bottle", "pack": "pack", "meal": "meal", "trip": "trip", "ride": "ride", "flight": "flight",
    "game": "game", "song": "song", "student": "student", "pupil": "pupil", "patient": "patient", "child": "child",
    "family": "family", "job": "job", "truck": "truck", "ship": "ship", "wafer": "wafer", "chip": "chip",
    "transaction": "transaction", "order": "order", "parcel": "parcel", "call": "call", "token": "token",
    "coin": "coin", "bitcoin": "bitcoin", "pair": "pair", "kw": "kilowatt", "mw": "megawatt", "gw": "gigawatt",
    "watt": "watt", "claim": "claim", "policy": "policy", "account": "account", "member": "member", "nurse": "nurse",
}  # fmt: skip
"""What may follow an article: "$5 a share". After "per", any noun may."""

COMPOUNDS = {
    "metric ton": "tonne", "metric tonne": "tonne", "troy ounce": "ounce", "fine ounce": "ounce", "short ton": "ton",
    "long ton": "ton",
    "megawatt hour": "megawatt_hour", "megawatt-hour": "megawatt_hour", "kilowatt hour": "kilowatt_hour",
    "kilowatt-hour": "kilowatt_hour", "square foot": "square_foot", "square metre": "square_meter",
    "square meter": "square_meter",
    "million btu": "mmbtu", "million btus": "mmbtu", "mln btu": "mmbtu", "mln btus": "mmbtu",
    "million british": "mmbtu", "depositary share": "ads", "cubic metre": "cubic_meter",
    "cubic meter": "cubic_meter", "cubic foot": "cubic_foot", "square mile": "square_mile",
    "sq ft": "square_foot", "sq foot": "square_foot", "square feet": "square_foot", "sq metre": "square_meter",
    "sq meter": "square_meter", "sq m": "square_meter", "sqm": "square_meter", "sqft": "square_foot",
    "square kilometre": "square_kilometer", "square kilometer": "square_kilometer",
}  # fmt: skip

ADVERBS = {"annually": "year", "yearly": "year", "monthly": "month", "weekly": "week", "daily": "day", "hourly": "hour"}

# Between "per" and its noun: "per diluted ordinary share".
_ADJECTIVES = frozenset(
    _words(
        "diluted basic ordinary registered common preferred preference bearer new old existing outstanding class "
        "fully and fully-diluted issued each voting american depositary every single a b"
    )
)
# "5 euros per cent …" is about the percentage.
_NO_UNIT = frozenset({"cent", "cents"})
_PER = re.compile(
    r"(?: in (?:cash|stock))? (?:(per|for (?:each|every))|an?|each|every) (?=[a-zA-Z])|/(?=[a-zA-Z])"
    r"|-(?:an?|per)-(?=[a-zA-Z])| (?:to|on|in) (?:the|each|every) (?=(?:dollar|euro|pound|rand|yen)\b)",
    re.IGNORECASE,  # headlines: "$5 Per Share", "$71 A BARREL"
)
# "$8 million a year earlier"
_AGO = re.compile(r" (?:earlier|ago|before|later|previously|from now|and a half)\b")
_TIMES = frozenset(_words("minute hour day night week month quarter year"))
_ADVERB = re.compile(rf" ({'|'.join(ADVERBS)})\b")
_ANNUM = re.compile(r" p\.?a\.?(?!\w)")
_EACH = re.compile(r",? (?:each|apiece|a ?piece)\b(?! (?:year|month|week|day|quarter)\b)")
# "one share of Rs 10 each"
_OF_WHICH = re.compile(r"([a-z]+) of $")
_PEOPLE = frozenset({"people", "staff", "those", "everyone", "who"})
_BEFORE_EACH = 120
_SENTENCE_END = re.compile(r"[.;:!?] ")
# "14.20 euros a meal.": after an article and before a stop, any noun.
_LAST_NOUN = re.compile(r"([a-z]{3,})(?=[.,;:!?)]|$)")
_NO_NOUNS = frozenset(_words("record further little bit lot week later earlier piece time"))
# Plurals that nobody gets an amount for, and words that only end like one.
_NO_PLURALS = frozenset(
    _words(
        "dollars euros pounds cents pence francs rupees rand rands pesos reais yen shillings kronor kroner millions "
        "billions thousands percents points months years days weeks quarters hours terms times proceeds costs pays "
        "gets was has is its this thus plus across less versus news earnings sales series means does goes costs"
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST = frozenset(" /-")
_MAX_WORDS = 5  # "per basic and diluted ordinary share"


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
        if adverb:
            return ADVERBS[adverb[1]], adverb.end()
        annum = _ANNUM.match(text, position)
        return ("year", annum.end()) if annum else nothing
    found = _read_noun(text, match.end(), open_class=match[1] is not None or text[position] == "/")
    if found is None and text.startswith(" a", position) and (last := _LAST_NOUN.match(text, match.end())):
        found = None if last[1] in _NO_NOUNS else (last[1], last.end())
    if found is None or (found[0] in _TIMES and _AGO.match(text, found[1])):
        return nothing
    return found


def read_each(text: str, start: int, end: int) -> tuple[str | None, int]:
    """Read "each" or "apiece" behind an amount: what each of these is, the nearest plural before it in the sentence
    says.

    start, end (int): of the amount.
    RETURNS (tuple): as `read_per`.
    """
    match = _EACH.match(text, end)
    if match is None:
        return None, end
    sentence = _SENTENCE_END.split(text[max(0, start - _BEFORE_EACH) : start])[-1]
    of_which = _OF_WHICH.search(sentence)
    if of_which and (unit := UNITS.get(of_which[1])) and unit not in _TIMES:
        return unit, match.end()
    for word in reversed(sentence.split()):
        if word.lower() in _PEOPLE:
            return "person", match.end()
        bare = word.rstrip(",")
        if bare.isalpha() and bare.islower() and bare not in _NO_PLURALS and (noun := singularize(bare)):
            is_price = sentence.endswith(" at ")  # "promoters subscribed at $5 each" is not the price of a promoter
            if not is_price or noun in UNITS:
                return noun, match.end()
    return None, end


def _read_noun(text: str, position: int, open_class: bool) -> tuple[str, int] | None:
    """The unit that begins at a position, adjectives skipped; with an open class any noun is one."""
    for _ in range(_MAX_WORDS):
        word = _WORD.match(text, position)
        if word is None or text[word.end() : word.end() + 1].isdigit():  # "USD5m/EUR4m"
            break
        lowered = word[0].lower()
        second = _WORD.match(text, word.end() + 1)
        if second and (compound := COMPOUNDS.get(f"{lowered} {second[0].lower()}")):
            return compound, second.end()
        unit = COMPOUNDS.get(lowered) or UNITS.get(lowered) or UNITS.get(lowered.partition("-")[0])
        if unit:
            return unit, word.end()
        if lowered == "t" and text[position - 1] == "/":
            return "tonne", word.end()
        if open_class and second and (unit := UNITS.get(second[0].lower())):  # "for each FGL share"
            return unit, second.end()
        if lowered not in _ADJECTIVES:
            return (lowered, word.end()) if open_class and lowered not in _NO_UNIT else None
        position = word.end() + (text[word.end() : word.end() + 1] == " ")
    return None
