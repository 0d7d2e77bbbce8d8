"""The words of dates and periods: for each its code, one letter of the alphabet that `period_grammar` is written in,
and what it stands for. Data only.
"""

from typing import Literal

Unit = Literal["day", "week", "month", "quarter", "half", "year"]
_words = str.split

_MONTHS = _words("january february march april may june july august september october november december")
_MONTH_ABBREVIATIONS = {
    1: "jan", 2: "feb", 3: "mar", 4: "apr", 6: "jun", 7: "jul", 8: "aug", 9: "sep sept", 10: "oct", 11: "nov",
    12: "dec",
}  # fmt: skip
_WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
_WEEKDAY_ABBREVIATIONS = ("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun")

_ORDINALS = _words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_CARDINALS = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)

UNITS: dict[str, Unit] = {
    **dict.fromkeys(_words("day days"), "day"),
    **dict.fromkeys(_words("week weeks wk wks"), "week"),
    **dict.fromkeys(_words("month months mth mths"), "month"),
    **dict.fromkeys(_words("quarter quarters qtr qtrs"), "quarter"),
    **dict.fromkeys(_words("half halves"), "half"),
    **dict.fromkeys(_words("year years yr yrs"), "year"),
}

WORDS: dict[str, tuple[str, int]] = {
    **{word: ("M", number) for number, word in enumerate(_MONTHS, 1)},
    **{word: ("m", number) for number, words in _MONTH_ABBREVIATIONS.items() for word in words.split()},
    **{word: ("w", number) for number, word in enumerate(_WEEKDAYS)},
    **{word: ("w", number) for number, words in enumerate(_WEEKDAY_ABBREVIATIONS) for word in words.split()},
    **{word: ("O", number) for number, word in enumerate(_ORDINALS, 1)},
    **{f"twenty-{word}": ("O", 20 + number) for number, word in enumerate(_ORDINALS[:9], 1)},
    **{word: ("O", 30 + number) for number, word in enumerate(("thirtieth", "thirty-first"))},
    **{word: ("c", number) for number, word in enumerate(_CARDINALS, 1)},
    **{word: ("c", 10 * number) for number, word in enumerate(_words("thirty forty fifty sixty seventy eighty"), 3)},
    **{f"twenty-{word}": ("c", 20 + number) for number, word in enumerate(_CARDINALS[:9], 1)},
    "couple": ("c", 2),
    **dict.fromkeys(_words("quarter qtr"), ("q", 0)),
    "half": ("h", 0),
    **dict.fromkeys(_words("year yr"), ("Y", 0)),
    **dict.fromkeys(_words("month mth"), ("N", 0)),
    **dict.fromkeys(_words("week wk"), ("W", 0)),
    "day": ("D", 0),
    **dict.fromkeys(_words("decade decades"), ("G", 0)),
    "weekend": ("V", 0),
    "w/c": ("3", 0),
    "period": ("p", 0),
    **dict.fromkeys(_words("days weeks months quarters halves years wks mths qtrs yrs"), ("S", 0)),
    **dict.fromkeys(_words("fiscal financial fy"), ("f", 0)),
    **dict.fromkeys(_words("calendar cy"), ("k", 0)),
    "the": ("t", 0),
    **dict.fromkeys(_words("a an"), ("a", 0)),
    "of": ("F", 0),
    "in": ("i", 0),
    **dict.fromkeys(_words("to through thru till until"), ("T", 0)),
    "and": ("&", 0),
    "between": ("b", 0),
    "from": ("j", 0),
    **dict.fromkeys(_words("on over upon"), ("%", 0)),
    **dict.fromkeys(_words("this current"), ("1", 0)),
    **dict.fromkeys(_words("next coming upcoming"), ("2", 1)),
    **dict.fromkeys(_words("last past"), ("0", -1)),
    **dict.fromkeys(_words("previous prior preceding"), ("8", -1)),
    "following": ("5", 1),
    **dict.fromkeys(
        _words("same corresponding comparable comparative equivalent year-ago year-earlier prior-year"), ("7", 0)
    ),
    **dict.fromkeys(_words("earlier before previously"), ("C", -1)),
    **dict.fromkeys(_words("later after"), ("C", 1)),
    "ago": ("g", -1),
    "now": ("v", 0),
    **dict.fromkeys(_words("ended ending end ends"), ("H", 0)),
    "that": ("u", 0),
    "s": ("s", 0),
    "final": ("l", -1),
    **dict.fromkeys(_words("today tonight tonite"), ("J", 0)),
    **dict.fromkeys(_words("tomorrow tmrw tmr"), ("J", 1)),
    "yesterday": ("J", -1),
    **dict.fromkeys(_words("morning afternoon evening night"), ("P", 0)),
    "date": ("L", 0),
    **dict.fromkeys(_words("beginning starting commencing"), ("B", 0)),
    **dict.fromkeys(_words("business working trading"), ("I", 0)),
}  # fmt: skip
"""Word: its code and its number. Some words of the grammar read further by themselves (`period_tokens`)."""

# "year-on-year" and its kin compare; nobody says with what.
COMPARISONS: dict[str, Unit] = {
    **dict.fromkeys(_words("yoy y/y yr/yr y-o-y"), "year"),
    **dict.fromkeys(_words("qoq q/q qtr/qtr q-o-q"), "quarter"),
    **dict.fromkeys(_words("mom m/m m-o-m"), "month"),
    **dict.fromkeys(_words("wow w/w w-o-w"), "week"),
}
TO_DATE: dict[str, Unit] = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}
TRAILING = frozenset({"ltm", "ttm"})
TRAILING_MONTHS = 12

# name: (month, day), or the days after Easter Sunday, or (month, weekday, which) with -1 for the last.
HOLIDAYS: dict[str, tuple[int, int] | tuple[int, int, int] | int] = {
    "new year's day": (1, 1), "new years day": (1, 1), "new year day": (1, 1), "new year's eve": (12, 31),
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26),
    "independence day": (7, 4), "halloween": (10, 31), "valentine's day": (2, 14), "earth day": (4, 22),
    "saint patrick's day": (3, 17), "st patrick's day": (3, 17), "juneteenth": (6, 19), "veterans day": (11, 11),
    "international workers' day": (5, 1), "thanksgiving": (11, 3, 4), "thanksgiving day": (11, 3, 4),
    "labor day": (9, 0, 1), "memorial day": (5, 0, -1), "black friday": (11, 4, 4),
    "easter": 0, "easter sunday": 0, "good friday": -2, "easter monday": 1, "whit monday": 50,
}  # fmt: skip
