"""What a number counts: units of measure as Pint knows them, counted nouns, and the way to Pint."""

import re
import subprocess
import sys
from decimal import Decimal

import pint
import pytest

from bellwether import Quantity
from bellwether.normalizers import unit_data as data
from bellwether.normalizers.units import measure_names, read_measure, read_noun, singularize, to_pint, unit_registry

POWER = re.compile(r"(?:(square|cubic)_)?(.*)")
POWERS = {"square": 2, "cubic": 3, None: 1}
OURS = {"deadweight_tonne", "tonne_of_oil_equivalent"}


@pytest.mark.parametrize("name", sorted(measure_names() | data.DURATIONS - {"quarter"}))
def test_names_are_those_of_pint(name):
    power, base = POWER.fullmatch(name).groups()
    unit = unit_registry().parse_units(base)
    assert str(unit) == base.replace("tonne", "metric_ton") or name in OURS
    if name in measure_names():
        assert to_pint(Quantity(value=Decimal(1), unit=name)).units == unit ** POWERS[power]


# Where our notation is not Pint's, and why.
NOT_PINTS = {
    "mt": "in trade a metric ton, in Pint a thousandth of one",
    "MT": "in trade a metric ton, in Pint a megatesla",
    "b/d": "in trade a barrel, in Pint a barn",
}


def test_symbols_that_pint_knows_too():
    """A notation that Pint reads is the same unit there, unless trade uses it otherwise."""
    known = 0
    for symbol, name in data.SYMBOLS.items():
        try:
            theirs = unit_registry().parse_units(symbol)
        except pint.UndefinedUnitError:
            continue
        known += 1
        if symbol not in NOT_PINTS:
            assert to_pint(Quantity(value=Decimal(1), unit=name)).to(theirs).magnitude == 1, symbol
    assert known > len(data.SYMBOLS) / 2


@pytest.mark.parametrize(
    ("text", "name", "factor"),
    [
        (" MW", "megawatt", None),
        ("MW", "megawatt", None),
        ("-MW plant", "megawatt", None),
        (" megawatts", "megawatt", None),
        (" Megawatt-hours", "megawatt_hour", None),
        (" gigawatt hours", "gigawatt_hour", None),
        (" GWh", "gigawatt_hour", None),
        (" sq m", "square_meter", None),
        (" sq. m.", "square_meter", None),
        (" m²", "square_meter", None),
        (" m2", "square_meter", None),
        (" square metres", "square_meter", None),
        (" square-foot", "square_foot", None),
        (" sq ft", "square_foot", None),
        (" cubic feet", "cubic_foot", None),
        (" km", "kilometer", None),
        (" kilometres", "kilometer", None),
        (" km²", "square_kilometer", None),
        (" kg", "kilogram", None),
        (" kilos", "kilogram", None),
        (" tonnes", "tonne", None),
        (" metric tons", "tonne", None),
        (" mt", "tonne", None),
        (" tons", "ton", None),
        (" short tons", "ton", None),
        (" long tons", "long_ton", None),
        (" Mt", "tonne", "1e6"),
        (" kt", "tonne", "1e3"),
        (" t of copper", "tonne", None),
        (" bbl", "barrel", None),
        (" barrels", "barrel", None),
        (" bpd", "barrel/day", None),
        (" b/d", "barrel/day", None),
        (" bbl/d", "barrel/day", None),
        (" barrels per day", "barrel/day", None),
        (" barrels of oil a day", "barrel/day", None),
        (" barrels of oil equivalent per day", "boe/day", None),
        ("-barrel-a-day refinery", "barrel/day", None),
        (" boe/d", "boe/day", None),
        (" MMboe", "boe", "1e6"),
        (" kboepd", "boe/day", "1e3"),
        (" mb/d", "barrel/day", "1e6"),
        (" bcf", "cubic_foot", "1e9"),
        (" Bcf/d", "cubic_foot/day", "1e9"),
        (" bcm", "cubic_meter", "1e9"),
        (" MMBtu", "mmbtu", None),
        (" Mtpa", "tonne/year", "1e6"),
        (" hectares", "hectare", None),
        (" ha", "hectare", None),
        (" acres", "acre", None),
        (" ounces", "ounce", None),
        (" troy ounces", "troy_ounce", None),
        (" koz", "ounce", "1e3"),
        (" dwt", "deadweight_tonne", None),
        (" bushels per acre", "bushel/acre", None),
        (" kg/ha", "kilogram/hectare", None),
        (" km/h", "kilometer/hour", None),
        (" tonnes p.a.", "tonne/year", None),
        (" BARRELS PER DAY", "barrel/day", None),
        (" degrees Celsius", "degree_Celsius", None),
        ("°C", "degree_Celsius", None),
        (" nautical miles", "nautical_mile", None),
    ],
)
def test_read_measure(text, name, factor):
    unit = read_measure("1" + text, 1)
    assert (unit.name, unit.factor) == (name, factor and Decimal(factor))


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("5 barrels per day of light crude", "5 barrels per day"),
        ("5 barrels of oil", "5 barrels"),
        ("5 tonnes a day earlier", "5 tonnes"),
        ("5 sq. ft.", "5 sq. ft"),
        ("5 metric tons.", "5 metric tons"),
        ("5 tonnes per worker", "5 tonnes"),
        ("5 acres a yard", "5 acres"),
    ],
)
def test_where_a_measure_ends(text, end):
    assert text[: read_measure(text, 1).end] == end


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        " m",
        " t",
        " t shirts",
        " b",
        " g",
        " l",
        " k",
        " in",
        " MWx",
        " MW_",
        " squares",
        " sq",
        " W3C",
        " metric",
    ],
)
def test_no_measure(text):
    assert read_measure("5" + text, 1) is None


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("shares", "share"), ("banks", "bank"), ("losses", "loss"), ("breaches", "breach"), ("boxes", "box"),
        ("dishes", "dish"), ("houses", "house"), ("warehouses", "warehouse"), ("spouses", "spouse"),
        ("buses", "bus"), ("bonuses", "bonus"), ("purchases", "purchase"), ("leases", "lease"), ("gases", "gas"),
        ("premises", "premise"), ("analyses", "analysis"), ("crises", "crisis"), ("companies", "company"),
        ("cities", "city"), ("movies", "movie"), ("ties", "tie"), ("deliveries", "delivery"), ("prizes", "prize"),
        ("loaves", "loaf"), ("wives", "wife"), ("olives", "olive"), ("drives", "drive"), ("heroes", "hero"),
        ("shoes", "shoe"), ("videos", "video"), ("caches", "cache"), ("niches", "niche"), ("axes", "axis"),
        ("taxes", "tax"), ("people", "person"), ("salespeople", "salesperson"), ("men", "man"),
        ("fishermen", "fisherman"), ("businesswomen", "businesswoman"), ("children", "child"), ("feet", "foot"),
        ("aircraft", "aircraft"), ("staff", "staff"), ("series", "series"), ("criteria", "criterion"),
        ("start-ups", "start-up"), ("etfs", "etf"),
        ("bank", None), ("loss", None), ("bus", None), ("analysis", None), ("specimen", None), ("s", None), ("", None),
    ],
)  # fmt: skip
def test_singularize(plural, singular):
    assert singularize(plural) == singular


@pytest.mark.parametrize(
    ("text", "name", "end"),
    [
        (" banks", "bank", 6),
        (" lease amendments and", "lease_amendment", 17),
        (" sales jobs", "sales_job", 11),
        (" loaves a day.", "loaf/day", 13),
        (" shares a day earlier", "share", 7),
        (" new stores", "store", 11),
        (" high-quality homes", "home", 19),
        (" LNG tankers", "lng_tanker", 12),
        (" ETFs", "etf", 5),
        (" banks' loans", "bank", 6),
        (" TEU", "teu", 4),
    ],
)
def test_read_noun(text, name, end):
    assert read_noun(text, 0, adjectives=True)[:2] == (name, end)


@pytest.mark.parametrize(
    "text", ["", " bank", " of banks", " months", " times", " bigger rivals", " Siemens", "-bedroom"]
)
def test_no_noun(text):
    assert read_noun(text + " and after that more of them", 0, adjectives=False) is None


def test_adjectives_only_where_allowed():
    assert read_noun(" new stores", 0, adjectives=False) is None


@pytest.mark.parametrize(
    ("number", "unit", "target", "expected"),
    [
        ("300", "megawatt", "gigawatt", "0.3"),
        ("2", "square_kilometer", "hectare", "200"),
        ("3", "tonne", "kilogram", "3000"),
        ("2", "cubic_meter/day", "liter/day", "2000"),
        ("7", "tonne/week", "tonne/day", "1"),
        ("1", "tonne/quarter", "tonne/year", "4"),
        ("1", "boe", "mmbtu", "5.8"),
        ("2", "deadweight_tonne", "kilogram", "2000"),
        ("1", "kilometer/hour", "meter/hour", "1000"),
    ],
)
def test_to_pint(number, unit, target, expected):
    converted = to_pint(Quantity(value=Decimal(number), unit=unit)).to(target)
    assert converted.magnitude == Decimal(expected)
    assert isinstance(converted.magnitude, Decimal)


def test_to_pint_of_a_range():
    quantity = Quantity(low=Decimal(1), high=Decimal(2), bound="range", unit="megawatt")
    assert (to_pint(quantity, "low").magnitude, to_pint(quantity, "high").magnitude) == (1, 2)
    with pytest.raises(ValueError, match=r"no 'value' .bound: range."):
        to_pint(quantity)


@pytest.mark.parametrize(
    "unit", ["share", "point", "chain", "hand", "turbine/year", "teu", "tonne/hive", "tonne/night", None, ""]
)
def test_to_pint_of_a_count(unit):
    with pytest.raises(ValueError, match="counted, not measured"):
        to_pint(Quantity(value=Decimal(2), unit=unit))


def test_pint_is_not_imported_before_it_is_needed():
    code = (
        "import sys; from bellwether.normalizers.quantity import QuantityNormalizer; "
        "list(QuantityNormalizer().find('300 MW')); sys.exit('pint' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
