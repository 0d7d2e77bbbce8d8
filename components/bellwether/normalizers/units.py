"""What a number counts: a unit of measure ("MW", "barrels per day", "square metres") or a noun ("three banks").

Units of measure are named as Pint names them. Their notations are a table (`unit_data`) that a test compares with
Pint's registry, so that nobody waits for Pint, which takes a third of a second to load, before it is needed: in
`to_pint`.

Nouns are an open class, and without a tagger their form decides: a plural that is no duration, no money and no verb
(`unit_data.NOT_COUNTED`), alone or after another noun ("240 lease amendments"), adjectives skipped where the number is
in digits ("1,200 new stores").
"""

import functools
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..values import Quantity
from . import unit_data as data

if TYPE_CHECKING:
    import pint

UnitKind = Literal["measure", "noun"]


class Unit(NamedTuple):
    """What stands behind a number.

    name (str): the unit, singular: "barrel/day", "share".
    end (int): where its words end.
    kind (str): "measure" or "noun".
    factor (Decimal | None): a scale inside the notation: a million in "12 MMboe".
    """

    name: str
    end: int
    kind: UnitKind
    factor: Decimal | None = None


_Entry = tuple[str, Decimal | None]
_Forms = tuple[tuple[tuple[str, ...], str], ...]
_WORD = re.compile(r"°[CF]?|[^\W\d_]+(?:[²³]|[23](?!\d))?(?:/d(?![^\W_]))?")
_NEXT = re.compile(r"\.?[ \n-](?=[^\W\d_])")
_NOUN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_GAPS = frozenset(" -\n")
_MAX_MODIFIERS = 2
_LONGEST_WORD = 30
_LONGEST_ACRONYM = 5
_SHORTEST_PLURAL = 3
_SHORTEST_IN_Y = 4
_NO_PLURALS = ("ss", "us", "is", "'s")
_PLURALS_IN_ES = ("sses", "xes", "ches", "shes", "zzes")

# "10,000 shares a day earlier" is no rate.
_RATE = re.compile(
    rf"(?: (?:an?|per|each|every) |-(?:an?|per)-| ?/ ?)(?P<time>{'|'.join(data.TIMES)})(?![^\W_])"
    r"(?!-|s\b| (?:earlier|ago|before|later|previously|after|from now)\b)"
    rf"|(?P<symbol>/(?:{'|'.join(data.TIME_SYMBOLS)})(?![^\W_]))"
    r"|(?P<pa> p\.a\.)"
    r"|(?: per |/)(?P<unit>(?=[^\W\d_]))",
    re.IGNORECASE,
)
_RATE_BEGINS = frozenset(" /-")


@functools.cache
def _measures() -> tuple[dict[str, _Entry], dict[str, _Forms]]:
    """The notations by themselves, and the names by their first word, longest first."""
    symbols: dict[str, _Entry] = {symbol: (name, None) for symbol, name in data.SYMBOLS.items()}
    for symbol, entry in data.SCALED_SYMBOLS.items():
        power, name = entry.split()
        cased = [symbol] if len(symbol) == 2 else [symbol, symbol.upper(), symbol.capitalize(), _with_big_m(symbol)]
        symbols.update(dict.fromkeys(cased, (name, Decimal(10) ** int(power))))
    names = {form.replace("_", " "): name for name, forms in data.NAMES.items() for form in forms.split()}
    for base in data.METRIC_PREFIXES:
        for prefix in ("", *data.METRIC_PREFIXES[base].split()):
            for spelling in (base, data.SPELLINGS.get(base, base)):
                for form in {f"{prefix}{spelling}", f"{prefix}{spelling}s"} - {"hertzs"}:
                    names[form] = f"{prefix}{base}".replace(" ", "_")
    lengths = {form: name for form, name in names.items() if name in data.LENGTHS} | data.LENGTH_SYMBOLS
    for prefix, power in (("square", "square"), ("sq", "square"), ("cubic", "cubic"), ("cu", "cubic")):
        names.update({f"{prefix} {form}": f"{power}_{name}" for form, name in lengths.items()})
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for form, name in names.items():
        first, *rest = form.split()
        index.setdefault(first, []).append((tuple(rest), name))
    return symbols, {first: tuple(sorted(rests, key=_length, reverse=True)) for first, rests in index.items()}


def _with_big_m(symbol: str) -> str:
    """ "mmboe" as "MMboe"."""
    letters = len(symbol) - len(symbol.lstrip("m"))
    return symbol[:letters].upper() + symbol[letters:]


def _length(form: tuple[tuple[str, ...], str]) -> int:
    return len(form[0])


@functools.cache
def measure_names() -> frozenset[str]:
    """RETURNS (frozenset[str]): the units of measure, without rates."""
    symbols, names = _measures()
    found = {name for name, _ in symbols.values()} | {name for forms in names.values() for _, name in forms}
    return frozenset({part for name in found for part in name.split("/")}) | {"pound"}


def read_measure(text: str, position: int) -> Unit | None:
    """Read the unit of measure behind a number, its rate included, with a space, a hyphen or nothing before it.

    text (str): cleaned by `clean_text`.
    position (int): where the number ends.
    RETURNS (Unit | None): None where there is none.
    """
    gap = text[position : position + 1]
    found = _match_measure(text, position + (gap in _GAPS))
    if found is None:
        return None
    name, factor, end = found
    if "/" not in name:
        name, end = read_rate(text, end, name, symbols=True)
    following = text[end : end + 1]
    in_compound = following == "-" and gap != "-" and text[end + 1 : end + 2].isalpha()  # "12 pound-denominated"
    if in_compound or following.isalnum() or following == "_":
        return None
    return Unit(name, end, "measure", factor)


def _match_measure(text: str, start: int) -> tuple[str, Decimal | None, int] | None:
    word = _WORD.match(text, start)
    if word is None or len(word[0]) > _LONGEST_WORD:
        return None
    symbols, names = _measures()
    written, end = word[0], word.end()
    entry = symbols.get(written)
    if entry is None and (slash := written.find("/")) > 0:  # "bbl/d"
        written, end = written[:slash], start + slash
        entry = symbols.get(written)
    if entry is not None:
        return *entry, end
    if forms := names.get(written.lower()):
        return _match_name(text, forms, end)
    careful = data.CAREFUL_SYMBOLS.get(written)
    return (careful, None, end) if careful and text.startswith(" of ", end) else None


def _match_name(text: str, forms: _Forms, end: int) -> tuple[str, Decimal | None, int] | None:
    """The longest name of which the further words follow."""
    words: list[str] = []
    ends = [end]
    for rest, name in forms:
        while len(words) < len(rest):
            gap = _NEXT.match(text, ends[-1])
            following = _WORD.match(text, gap.end()) if gap else None
            if following is None:
                break
            words.append(following[0].lower())
            ends.append(following.end())
        if tuple(words[: len(rest)]) == rest:
            return name, None, ends[len(rest)]
    return None


def read_rate(text: str, position: int, name: str, *, symbols: bool = False) -> tuple[str, int]:
    """Read "a day", "per hectare", "/yr" behind a unit.

    symbols (bool): whether what follows may be a symbol or a unit of measure; else a time in words.
    RETURNS (tuple): the name of the unit with its rate, and the end; the name itself where there is none.
    """
    begin = position
    if symbols and text.startswith(" of ", begin):
        begin += next((len(words) for words in data.OF_SUBSTANCE if text.startswith(words + " ", begin)), 0)
    match = _RATE.match(text, begin) if text[begin : begin + 1] in _RATE_BEGINS else None
    if match is None or not (symbols or match["time"] or match["pa"]):
        return name, position
    per, end = _read_per(text, match)
    return (name, position) if per is None else (f"{name}/{per}", end)


def _read_per(text: str, match: re.Match[str]) -> tuple[str | None, int]:
    if match["time"]:
        return data.TIMES[match["time"].lower()], match.end()
    if match["pa"]:
        return "year", match.end()
    if match["symbol"]:
        return data.TIME_SYMBOLS[match["symbol"][1:].lower()], match.end()
    found = _match_measure(text, match.end())
    if found is None or found[1] is not None or "/" in found[0]:
        return None, match.end()
    return found[0], found[2]


def singularize(word: str) -> str | None:
    """The singular of a plural noun.

    word (str): in lower case.
    RETURNS (str | None): None where the word does not look like a plural.
    """
    if known := data.INVARIANT.get(word) or data.IRREGULAR.get(word):
        return known
    if not word.endswith("s"):
        return _singularize_person(word)
    if len(word) < _SHORTEST_PLURAL or word.endswith(_NO_PLURALS):
        return None
    if word.endswith("ies") and len(word) > _SHORTEST_IN_Y:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_PLURALS_IN_ES) else word[:-1]


def _singularize_person(word: str) -> str | None:
    """ "salespeople", "businesswomen", "fishermen"."""
    for plural, singular in data.PERSONS.items():
        if word.endswith(plural) and len(word) > len(plural) + 2 and word not in data.NO_PERSONS:
            return word[: -len(plural)] + singular
    return None


def read_noun(text: str, position: int, *, adjectives: bool) -> Unit | None:
    """Read the counted noun behind a number, its rate included.

    text (str): cleaned by `clean_text`.
    position (int): where the number ends.
    adjectives (bool): whether adjectives may stand before the noun; they are no part of the unit.
    RETURNS (Unit | None): None where there is none. `Unit.name` of two nouns is "lease_amendment".
    """
    modifiers: list[str] = []
    for _ in range(_MAX_MODIFIERS + 1):
        word = _next_word(text, position)
        if word is None or _is_name(text, word):
            return None
        lowered, position = word[0].lower(), word.end()
        if singular := _read_plural(text, lowered, position):
            name, end = read_rate(text, position, "_".join([*modifiers, singular]))
            return Unit(name, end, "noun")
        if not _may_modify(lowered):
            return None
        if not _is_adjective(lowered):
            modifiers.append(lowered)
        elif modifiers or not adjectives:
            return None
    return None


def _next_word(text: str, position: int) -> re.Match[str] | None:
    """The word one space behind a position; None where it is part of something else."""
    word = _NOUN.match(text, position + 1) if text[position : position + 1] in (" ", "\n") else None
    if word is None or len(word[0]) > _LONGEST_WORD:
        return None
    following = text[word.end() : word.end() + 1]
    return None if following.isalnum() or following in ("_", "@") else word


def _is_name(text: str, word: re.Match[str]) -> bool:
    """Whether a word has a capital of its own: no acronym ("ETFs", "LNG"), and not in a headline of capitals."""
    written = word[0]
    if written.islower() or (len(written) <= _LONGEST_ACRONYM and written.removesuffix("s").isupper()):
        return False
    return not _in_title_case(text, word.start())


def _read_plural(text: str, word: str, end: int) -> str | None:
    """The singular of a counted noun; None where the word is none, or stands before its noun ("sales jobs")."""
    if word in data.NOT_COUNTED:
        return None
    if word in data.PLURAL_MODIFIERS and (following := _next_word(text, end)):
        lowered = following[0].lower()
        if lowered not in data.NOT_COUNTED and singularize(lowered):
            return None
    return singularize(word)


def _may_modify(word: str) -> bool:
    if word in data.NOT_COUNTED or word in data.NO_MODIFIER or word.endswith("'s"):
        return False
    return not word.endswith("ly") or word in data.ADJECTIVES or word in data.NO_ADVERBS


def _is_adjective(word: str) -> bool:
    if word in data.ADJECTIVES or "-" in word:
        return True
    return word.endswith(data.ADJECTIVE_ENDINGS) and word not in data.NO_ADJECTIVES


_TITLE_WINDOW = 100
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def _in_title_case(text: str, position: int) -> bool:
    """Whether the words around a position are those of a headline: Most of Them in Capitals."""
    before = text[max(0, position - _TITLE_WINDOW) : position].rpartition("\n")[2]
    after = text[position : position + _TITLE_WINDOW].partition("\n")[0]
    words = _LONG_WORD.findall(before + after)
    return 4 * sum(not word[0].islower() for word in words) >= 3 * len(words)


# --- conversion ---


@functools.cache
def unit_registry() -> "pint.UnitRegistry[Decimal]":
    """The registry that `to_pint` uses: Pint's own, with `Decimal` magnitudes and `unit_data.DEFINITIONS`.

    RETURNS (pint.UnitRegistry): made on the first call, which takes about a third of a second.
    """
    import pint  # noqa: PLC0415

    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(non_int_type=Decimal)
    for definition in data.DEFINITIONS:
        registry.define(definition)
    return registry


def to_pint(quantity: Quantity, field: Literal["value", "low", "high"] = "value") -> "pint.Quantity[Decimal]":
    """Convert a quantity to one of Pint, for arithmetic and conversion.

    >>> to_pint(Quantity(value=Decimal(300), unit="megawatt")).to("gigawatt")
    <Quantity(0.3, 'gigawatt')>

    quantity (Quantity): the value of a QUANTITY.
    field (str): which of its numbers: "value", or the "low" or "high" end of a range or bound.
    RETURNS (pint.Quantity): with a `Decimal` magnitude, in `unit_registry()`.
    RAISES (ValueError): the unit is a counted noun ("share"), or the quantity lacks this number.
    """
    number = getattr(quantity, field)
    if number is None:
        raise ValueError(f"this quantity has no '{field}' (bound: {quantity.bound}); ask for 'value', 'low' or 'high'")
    unit = quantity.unit or ""
    measure, _, per = unit.partition("/")
    if measure not in measure_names() or (per and per not in measure_names() and per not in data.DURATIONS):
        raise ValueError(f"'{unit}' is counted, not measured: Pint has no unit for it")
    registry = unit_registry()
    return registry.Quantity(number, registry.parse_units("/".join(_in_pint(part) for part in (measure, per) if part)))


def _in_pint(name: str) -> str:
    """The name in Pint's notation: "square_meter" is "meter**2"."""
    for prefix, power in (("square_", 2), ("cubic_", 3)):
        if name.startswith(prefix):
            return f"{name.removeprefix(prefix)}**{power}"
    return "quarter_year" if name == "quarter" else name
