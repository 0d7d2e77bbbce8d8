"""The grammar of dates and periods: regular expressions over the letters of `period_tokens`.

A calendar expression names its place in the calendar, with or without the year: "14 March 2031", "Q3", "fiscal 2031".
A relative one needs a reference date or what the text spoke of before: "last month", "a year earlier".
"""

import re

_MONTH = r"(?:M|m\.?)"
_OF_YEAR = r"(?:,?[Fi]?(?:tY)?y(?!-?Q(?!F))|'[dz])"
# "of fiscal 2031", "of the 2031 financial year", "FY31", "of next year", "of the year"
_OF_FISCAL = r"(?:,?F?(?:K|f(?:YF?y|y|Y?'[dz]|[dz])|t?[yR]fY))"
_OF_SOME_YEAR = r"(?:[Fi]t?[1208]f?Y|[08]Y|FtY)"

DATE = (
    r"(?:(?:[12]?w[,-]?)?(?:"
    rf"(?:t?(?:c-?)?O(?:DF|F)|[dO])t?{_MONTH}(?:{_OF_YEAR}|Fz)?"
    rf"|[d]F{_MONTH}{_OF_YEAR}?"
    rf"|{_MONTH}c-?c(?:y|(?!_))|c(?:-?c)?{_MONTH}y"
    rf"|{_MONTH},?[-/]?t?(?:[dO]|c-?O)(?:{_OF_YEAR}|F[z])?"
    rf"|[dO][-/]{_MONTH}[-/][ydz]|y[-/]{_MONTH}[-/][dO]|y[-/][dO][-/]{_MONTH}|{_MONTH}-(?:[dO]-y|U|9)|A(?:{_OF_YEAR})?"
    r"|E|e(?:,y)?)"
    r"|w,?[or](?![!_])|wt?(?:O|c-?O|d(?![!a-zA-Z\u2013-]))(?!_)|Z(?:F?y|F[1208]Y)?)"
)
MONTH = rf"(?:(?:t?NF)?(?:{_MONTH}(?:,?[Fi]?y(?!-?Q)|[-/]y|'[dz]|Fz)|y{_MONTH}(?![dO])|U|{_MONTH}))"
PART = (
    rf"(?:(?:f?Q|t?f?Of?-?[qh]Y?)(?:{_OF_FISCAL}|{_OF_YEAR}|[-/]y|[dz](?![a-zA-Z!_-])|{_OF_SOME_YEAR})?"
    rf"|t?[0l][qh](?:{_OF_FISCAL}|{_OF_YEAR}|[Fi]t?[1208]f?Y|FtY)|[yK][-,/]?(?:Q|O-?[qh])|t?[1208]Y'?s?[O0l]-?[qh])"
)
YEAR = r"(?:t?(?:[yR]fY|k?YF?y|fYF?y)|K|f(?:YF?y|y|Y?'[dz]|YR|R|[dz](?![!_]))|ky|kYy|R|y(?![-/][QMm]))"
CALENDAR = rf"(?:{DATE}|{PART}|{MONTH}|{YEAR})"
TODAY = r"(?:J|v|t?1L)"  # "today", "now", "the current date"

_UNIT = r"[qhYNWDGVp]"
_COUNT = r"(?:c-?c|[cdzn])"
_FISCAL = r"[fk]?"
_HYPHEN = "[-=\u2013~]"
JOIN = re.compile(rf"T|{_HYPHEN}|&|/")

JOINED = frozenset({"range", "between"})
PATTERNS: tuple[tuple[str, str], ...] = (
    ("week", rf"t?W(?:F|B%?)(?:{DATE}|tO)|3{DATE}|t?W[dn](?:Fy|F?[1208]Y)?(?![!_])"),
    ("offset", rf"(?:{_COUNT}|a)(?:S|[YNWD])(?:C|j|B[%j]?)(?:{DATE}|{MONTH}|[12]?w|J|v)"),
    (
        "ended",
        rf"t?{_FISCAL}(?:O{_FISCAL}-?[qh]Y?|{_COUNT}-?(?:S|[NWqYD]Y?)|h-?Y|{_FISCAL}[YqhNW])"
        rf"(?:u?H|T|B)[%i]?t?(?:{DATE}|{MONTH}|w)",
    ),
    ("days_range", rf"{_MONTH}(?:r|t?[dO](?:T|{_HYPHEN})t?[dO])(?![-/]){_OF_YEAR}?"),
    ("days_range", rf"(?:r|t?[dO](?:T|{_HYPHEN})t?[dO])F?{_MONTH}{_OF_YEAR}?"),
    ("between_days", rf"bt?[dO]&t?[dO]F?{_MONTH}{_OF_YEAR}?"),
    ("month_quarter", rf"t?{_MONTH}y-?q|t?{_MONTH}(?:(?:[-\u2013]|T){_MONTH})?-?q(?:{_OF_YEAR}|{_OF_SOME_YEAR})?"),
    ("range", rf"{CALENDAR}(?:T|{_HYPHEN}|/)(?:tHF)?(?:{CALENDAR}|{TODAY})|{CALENDAR}TL"),
    ("between", rf"b(?:tHF)?(?:{CALENDAR}|{TODAY})(?:&|T|{_HYPHEN})(?:tHF)?(?:{CALENDAR}|{TODAY})"),
    ("nth_unit", rf"t?(?:O|0|l){_COUNT}?-?(?:W|S|N|D)F(?:{PART}|{MONTH}|{YEAR}|t?[1208][YqN]|t[YN])"),
    ("same", r"t?7(?:8?p|[YNqhDWS])(?:[Fi]?(?:t?[08]Y|y(?!-?Q)|K)|aYC)?|t?8-?Y'?s?-?[pqhN]"),
    ("first_months", rf"t?O-?{_COUNT}-?S(?!F)"),
    ("months_of_year", r"6(?:[/Fi]?y|'[dz])?"),
    ("after_next", r"t[YNWqV]C[20](?![YNWq])"),
    ("ago", rf"(?:a|{_COUNT})(?:[YNWDqG]|S)g"),
    ("earlier", rf"(?:a|{_COUNT})(?:[YNWDqh]|S)C|t(?:[YNWDq])C"),
    ("comparison", r"X|Y-?%-?Y|N-?%-?N|q-?%-?q|W-?%-?W"),
    ("to_date", r"t?f?[YqNW]-?T-?L"),
    ("month_word", rf"[12085]{_MONTH}(?![dOy])"),
    ("weekday_word", rf"[12805]{{1,2}}w(?![,-]?(?:{_MONTH}[-t]?[dO]|e))|w(?:F|%)?t?[12805]W|[1280]W(?:%|=|-)?w"),
    ("relative_many", rf"t?[08215l]{_COUNT}-?I?(?:S|N)|t?{_COUNT}[0285]S"),
    ("holiday_word", r"[12085]Z"),
    ("part", PART),
    ("relative", rf"t?[12085]{{1,2}}{_FISCAL}{_UNIT}"),
    ("hence", rf"i(?:{_COUNT}|a)(?:S|[YNWDqG])(?![HF]|j[Jv])"),
    ("day_part", r"[10]P"),
    ("today", r"J"),
    ("date", DATE),
    ("month", MONTH),
    ("year", YEAR),
    ("day_of_month", r"tO(?:(?:DF|F)t?[1208]?N|[1208]N)?"),
    ("fiscal_year", r"t?fY"),
    ("weekday", r"w"),
    ("the_unit", r"t[YqNWV]"),
    ("quarter", r"q"),
)
"""Patterns in the order in which they are tried; the name says which function reads them
(`period_reader`)."""


def _compile(*, joined: bool) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            f"(?P<{name}_{index}>{pattern})"
            for index, (name, pattern) in enumerate(PATTERNS)
            if joined or name not in JOINED
        )
    )


_ANY = _compile(joined=True)
_SINGLE = _compile(joined=False)
# What is between two words that say nothing of the calendar, and what at least must be in it.
RUN = re.compile(r"[^_!;]+")
HEAD = re.compile(r"[MmwyEeUorRAQKXZJqhYNWDVpGSPO6]")


def match_at(codes: str, start: int, *, joined: bool = True) -> tuple[str, int] | None:
    """Match the first pattern that fits at a token.

    joined (bool): whether two expressions may form a range.
    RETURNS (tuple | None): the name of the pattern, and the token after its last.
    """
    match = (_ANY if joined else _SINGLE).match(codes, start)
    if match is None:
        return None
    return str(match.lastgroup).rpartition("_")[0], match.end()
