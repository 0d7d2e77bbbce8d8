"""The component `ticker`: tickers and security identifiers, as `Ticker` values.

Reads text; writes `doc.ents`, `span._.value`, `span._.source`.

A ticker is told by its notation, never by its letters: `ALL`, `IT` and `ON` are words, `$ALL` and `NYSE: ALL` tickers.
The exchange is as written; `exchange_data.canonical_exchange` says which one it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from spacy.language import Language

from ..values import Ticker
from .base import Expression, Normalizer, Overlap
from .exchange_data import BLOOMBERG, NAMES, SUFFIXES, WORD_NAMES, WORD_SUFFIXES, fold_name, has_numeric_symbols
from .identifiers import find_identifiers

# Behind "$" these are currencies and scales: "$US", "$NZ", "$BN".
_NO_CASHTAGS = frozenset(
    {
        "US", "NZ", "HK", "USD", "AUD", "CAD", "NZD", "SGD", "TWD", "MXN", "BN", "MN", "MM", "MLN", "BLN", "TN",
        "TRN", "MIL", "BIL", "MIO", "PER", "MILLION", "BILLION", "TRILLION",
    }
)  # fmt: skip
# "$A75": with digits behind them these are currencies.
_DOLLARS = re.compile(r"(?:A|C|S|R|J|AU|CA|SG|NT|MX|TT|BZ|US|NZ|HK|HKD)\d")
_AMOUNT = re.compile(r" ?\d[\d.,]{0,20} ?(?:k|m|mn|mm|bn|b|tn|million|billion|trillion)\b")
# Behind an exchange and a colon, outside of brackets, these begin a sentence: "NYSE: US stocks fall".
_NO_SYMBOLS = frozenset({"US", "UK", "EU", "UN", "CEO", "CFO", "IPO", "ETF", "GDP", "CPI", "THE", "NO", "AN", "IN"})
# Before ".A" or ".B" these are abbreviations: "NO.A".
_NO_SHARES = frozenset(
    {
        "NO", "VOL", "ST", "CO", "DR", "MR", "MS", "VS", "FIG", "SEC", "ART", "APP", "EX", "JR", "SR", "INC", "LTD",
        "PT", "CH", "PP", "CORP", "PLC", "DEPT", "PH", "USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "CNY",
    }
)  # fmt: skip

_SYMBOL = r"[A-Z0-9]{1,12}(?:&[A-Z]{1,6})?(?:[.\-/][A-Z]{1,4}(?![\w.])|\.[A-Z]{2}\.[A-Z](?!\w))?"
_SYMBOL_END = r"(?![\w%$]|[.,]\d|[-'][a-z])"
_CASHTAG = re.compile(
    r"\$(?P<head>[A-Z]{1,5}pr[A-Z]|[A-Z][A-Z0-9]{0,9}|[a-z]{2,5}|[A-Z][a-z]{2,4})(?:_F|(?P<mark>[.\-/])(?P<tail>[A-Za-z]{1,4}))?(?![\w$])"
)
_PAIRS = frozenset({"USD", "USDT", "USDC", "EUR", "GBP", "BTC"})
_SHARE_CLASS = re.compile(r"[ABCDKPUWX]|P[A-Z]|W[ST]|UN|RT")
_COLON = re.compile(r":(?= ?\$?[A-Z0-9])")
_NAME_START = re.compile(r"[(\[/;,\"“|<]")
_AFTER_COLON = re.compile(rf" ?\$?(?P<symbol>{_SYMBOL}){_SYMBOL_END}")
_SERIES = re.compile(r" [A-D](?= ?[),;])")
_MORE = re.compile(rf"(?:, ?(?:and )?| and | & |/|; ?) ?\$?(?P<symbol>{_SYMBOL}){_SYMBOL_END}(?= ?[),;/]| and | & )")
_SHOUT = re.compile(r" [A-Z]{2}[A-Z']{0,20}(?![\w.:)]| :)")
_BEFORE_COLON = re.compile(r"(?<![\w.:/$])[A-Z0-9]{1,8}(?:\.[A-Z])?\Z")
_PLACE = re.compile(r"[A-Z]{2,10}(?![\w:/.-])")
_SUFFIX = re.compile(r"\.(?=([A-Z]{1,3})(?![\w@-]|\.\w))")
_BASE = re.compile(r"(?<![\w.@&$'-])\$?(?P<symbol>(?P<head>[A-Z0-9]{1,10})(?:-[A-Z]{1,2}|_?[a-z])?)\Z")
_SERIES_BASE = re.compile(r"(?<![\w.@&$'-])(?P<symbol>(?P<head>[A-Z]{2,8}) [A-D])\Z")
_LONG_SYMBOLS = frozenset({"NS", "BO"})
# Stockholm, Copenhagen and Oslo write the class of a share behind a space: "EKTA B.ST".
_SERIES_SUFFIXES = frozenset({"ST", "CO", "OL"})
_NAMED = re.compile(
    r"\b(?:[Tt]ickers?(?: symbols?| codes?)?|(?:[Uu]nder the )?[Ss]ymbols?|[Uu]nder the codes?"
    r"|(?:[Ss]crip|[Ss]tock|[Ss]hare|[Ss]ecurity|[Ss]ecurities|[Tt]rading|[Ee]xchange) [Cc]odes?|EPIC|TIDM)"
    r"(?: ?[:=] ?| (?:is |are |of )?)(?P<quote>[\"“'‘(] ?)?"
    rf"\$?(?P<symbol>{_SYMBOL}){_SYMBOL_END}(?! ?:)"
)
_MORE_NAMED = re.compile(rf"[\"”'’]?(?:,? and |,? or |, )(?P<quote>[\"“'‘])(?P<symbol>{_SYMBOL}){_SYMBOL_END}")
_BLOOMBERG = re.compile(
    r"(?<![\w$.])(?P<symbol>[A-Z0-9]{1,8}(?:/[A-Z])?) (?P<place>[A-Z]{2}) (?:Equity|EQUITY)\b"
    r"(?! (?:[Ii]ndex|[Ff]und|ETF|Income|Growth|Value|[Mm]arkets?|[Ss]trateg))"
)
_BLOOMBERG_NAMED = re.compile(
    r"Bloomberg(?: [Cc]ode| [Tt]icker)?s? ?: ?(?P<symbol>[A-Z0-9]{1,8}(?:/[A-Z])?) (?P<place>[A-Z]{2})(?!\w)"
)
_BRACKETED = re.compile(rf"\( ?(?P<symbol>{_SYMBOL}) ?\)")
_WINDOW = 48


@Language.factory(
    "ticker",
    assigns=["doc.ents", "span._.value", "span._.source"],
    default_config={
        "label": "TICKER",
        "overlap": "replace",
        "scorer": {"@scorers": "bellwether.value_scorer.v1", "label": "TICKER"},
    },
    default_score_weights={"ticker_f": 0.0, "ticker_p": 0.0, "ticker_r": 0.0, "ticker_value_accuracy": 0.0},
)
def make_ticker(
    nlp: Language, name: str, *, label: str, overlap: Overlap, scorer: Callable[..., dict[str, Any]] | None
) -> "TickerNormalizer":
    """Make a component that finds tickers, ISINs, CUSIPs, SEDOLs and LEIs and reads their values.

    label (str): the label of the entities.
    overlap (str): "replace" removes entities that overlap with a ticker, "keep" drops the ticker.
    scorer (Callable | None): the scoring method; by default precision, recall and F1 of the spans and the accuracy of
        their values.
    """
    return TickerNormalizer(name, label=label, overlap=overlap, scorer=scorer)


class TickerNormalizer(Normalizer):
    """Finds `$NRVN`, `NYSE: NRVN`, `NRVN.HE`, `NRVN FH Equity`, `the ticker "NRVN"`, identifiers with a right check
    digit, and symbols so found where they stand alone in brackets elsewhere in the text.

    Rules (`span._.source`), after the notation: `ticker.cashtag`, `ticker.exchange`, `ticker.suffix` (Reuters, Yahoo),
    `ticker.share_class` (`BRK.B`), `ticker.bloomberg`, `ticker.named`, `ticker.repeated`, and `ticker.isin`,
    `ticker.cusip`, `ticker.sedol`, `ticker.lei`.
    """

    def __init__(
        self,
        name: str = "ticker",
        *,
        label: str = "TICKER",
        overlap: Overlap = "replace",
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        """Initialize the component; the arguments are those of `make_ticker`."""
        super().__init__(name, label=label, overlap=overlap, scorer=scorer)

    def find(self, text: str) -> Iterable[Expression]:
        """Find the tickers of a text."""
        found = [
            Expression(start, end, Ticker(symbol=number, kind=kind), f"ticker.{kind}")
            for start, end, number, kind in find_identifiers(text)
        ]
        if "$" in text:
            found.extend(_find_cashtags(text))
        if ":" in text:
            found.extend(_find_behind_exchanges(text))
        if "." in text:
            found.extend(_find_before_suffixes(text))
        if "ymbol" in text or "icker" in text or "ode" in text or "EPIC" in text or "TIDM" in text:
            found.extend(_find_named(text))
        if "Equity" in text or "EQUITY" in text or "Bloomberg" in text:
            found.extend(_find_bloomberg(text))
        if found and "(" in text:
            found.extend(_find_repeated(text, found))
        return _without_overlaps(found)


def _bounds(expression: Expression) -> tuple[int, int]:
    return expression.start, -expression.end


def _without_overlaps(found: list[Expression]) -> list[Expression]:
    """In the order of the text; of two that overlap the one that begins first, then the longer one."""
    if len(found) < 2:
        return found
    kept: list[Expression] = []
    for expression in sorted(found, key=_bounds):
        if not kept or expression.start >= kept[-1].end:
            kept.append(expression)
    return kept


def _in_brackets(text: str, start: int) -> bool:
    low = max(0, start - 2 * _WINDOW)
    return text.rfind("(", low, start) > text.rfind(")", low, start)


def _without_suffix(symbol: str, exchange: str | None) -> Ticker:
    """The ticker of a symbol that may have its exchange behind a dot: "NRVN.HE", and "0700.HK" behind "HKEX:"."""
    base, _, suffix = symbol.rpartition(".")
    codes = SUFFIXES.get(suffix, ()) if base else ()
    if exchange is None:
        known = bool(codes) and (len(suffix) > 1 or suffix in "LNO") and len(base) > 1
        return Ticker(symbol=base, exchange=suffix) if known else Ticker(symbol=symbol)
    same = not set(codes).isdisjoint(NAMES.get(fold_name(exchange), ()))
    return Ticker(symbol=base if same else symbol, exchange=exchange)


# Cashtags


def _find_cashtags(text: str) -> Iterator[Expression]:
    """`$NRVN`, `$nrvn`, `$BRK.B`, `$BTC-USD`, `$ES_F`, `$NRVN.HE`. Symbols are in capitals; a preferred share keeps its
    `.PA`, which Paris has too, so it is no exchange here."""
    for match in _CASHTAG.finditer(text):
        start, end = match.span()
        before = text[start - 1] if start else " "
        head = match["head"]
        symbol = head if head[-1].isupper() else head.upper()
        if before.isalnum() or before in "_$" or symbol in _NO_CASHTAGS or _DOLLARS.match(symbol):
            continue
        if len(symbol) < 4 and (_AMOUNT.match(text, end) or text[max(0, start - 4) : start] == "(in "):
            continue
        exchange = None
        if tail := match["tail"]:
            suffix = tail.upper() if head.islower() and len(tail) == 1 else tail
            if match["mark"] == "." and (suffix in "LV" or (len(suffix) > 1 and not suffix.startswith("P"))):
                exchange = suffix if suffix in SUFFIXES else None
            if exchange is None:
                if _SHARE_CLASS.fullmatch(suffix) or (match["mark"] == "-" and suffix in _PAIRS):
                    symbol += match["mark"] + suffix
                else:
                    end = match.end("head")
        elif match[0].endswith("_F"):
            symbol += "_F"
        yield Expression(start, end, Ticker(symbol=symbol, exchange=exchange), "ticker.cashtag")


# An exchange before a colon


def _find_behind_exchanges(text: str) -> Iterator[Expression]:
    """`NYSE: NRVN`, `LSE:VOD`, `(NASDAQ: GOOG, GOOGL)`; and with the exchange last, `AAPL:US`."""
    for colon in _COLON.finditer(text):
        name = _read_exchange(text, colon.start())
        if name is None:
            if expression := _read_before_colon(text, colon.start()):
                yield expression
            continue
        start, exchange = name
        match = _AFTER_COLON.match(text, colon.end())
        brackets = _in_brackets(text, start)
        if match is None or not _is_listed(text, match, exchange, brackets):
            continue
        symbol, end = match["symbol"], match.end()
        if brackets and (series := _SERIES.match(text, end)):
            symbol, end = symbol + series[0], series.end()
        yield Expression(start, end, _without_suffix(symbol, exchange), "ticker.exchange")
        while brackets and (match := _MORE.match(text, end)):
            end = match.end()
            yield Expression(match.start("symbol"), end, _without_suffix(match["symbol"], exchange), "ticker.exchange")


def _read_exchange(text: str, colon: int) -> tuple[int, str] | None:
    """The longest name of an exchange that ends before a colon: where it begins, and the name as written."""
    before = text[max(0, colon - _WINDOW) : colon].rstrip(" ")
    end = colon - (min(colon, _WINDOW) - len(before))
    words = _NAME_START.split(before)[-1].split(" ")
    for count in range(min(5, len(words)), 0, -1):
        written = " ".join(words[-count:])
        folded = fold_name(written)
        if folded not in NAMES:
            continue
        start = end - len(written)
        if start and (text[start - 1].isalnum() or text[start - 1] in "$@#_."):
            return None
        if len(folded) <= 3 and not written.isupper():
            return None
        if not written[0].isupper() and folded not in ("nasdaq", "nyse"):
            return None
        if folded in WORD_NAMES and not _in_brackets(text, start):
            glued = written.isupper() and end == colon and text[colon + 1] != " "
            return (start, written) if glued else None
        return start, written
    return None


def _is_listed(text: str, match: re.Match[str], exchange: str, brackets: bool) -> bool:
    """Whether what stands behind an exchange and a colon is a symbol, rather than the beginning of a sentence."""
    symbol, end = match["symbol"], match.end()
    if symbol.isdigit() and not (len(symbol) > 2 and (brackets or has_numeric_symbols(NAMES[fold_name(exchange)]))):
        return False
    if brackets:
        return True
    if symbol in _NO_SYMBOLS or (symbol[1:2] == "." and text[end : end + 1] == "."):
        return False
    return text[match.start()] != " " or not _SHOUT.match(text, end)


def _read_before_colon(text: str, colon: int) -> Expression | None:
    """`AAPL:US`, `NRVN:FH`, `AAPL:NASDAQ`."""
    place = _PLACE.match(text, colon + 1)
    if place is None:
        return None
    base = _BEFORE_COLON.search(text[max(0, colon - 12) : colon])
    if base is None:
        return None
    symbol, start = base[0], colon - len(base[0])
    codes = BLOOMBERG.get(place[0]) or NAMES.get(fold_name(place[0]), ())
    if not codes or (symbol.isdigit() and not has_numeric_symbols(codes)):
        return None
    if len(symbol) < 3 and not symbol.isdigit() and not _in_brackets(text, start):
        return None
    return Expression(start, place.end(), Ticker(symbol=symbol, exchange=place[0]), "ticker.exchange")


# A suffix behind a dot


def _find_before_suffixes(text: str) -> Iterator[Expression]:
    """`NRVN.HE`, `RDSa.AS`, `7203.T`, `SHB-A.ST`; and a class of shares, `BRK.B`."""
    for dot in _SUFFIX.finditer(text):
        suffix = dot[1]
        codes = SUFFIXES.get(suffix, ())
        if not codes and suffix not in "AB":
            continue
        before = text[max(0, dot.start() - 16) : dot.start()]
        base = (suffix in _SERIES_SUFFIXES and _SERIES_BASE.search(before)) or _BASE.search(before)
        if not base:
            continue
        head, symbol = base["head"], base["symbol"]
        start, end = dot.start() - len(base[0]), dot.end() + len(suffix)
        if not codes:
            if symbol == head and head.isalpha() and 2 <= len(head) <= 4 and head not in _NO_SHARES:
                yield Expression(start, end, Ticker(symbol=f"{head}.{suffix}"), "ticker.share_class")
            continue
        if _is_quoted(text, start, end, head, symbol, suffix):
            yield Expression(start, end, Ticker(symbol=symbol, exchange=suffix), "ticker.suffix")


def _is_quoted(text: str, start: int, end: int, head: str, symbol: str, suffix: str) -> bool:
    """Whether a base and the suffix of an exchange are a ticker, rather than initials, a file or a missing space."""
    if suffix in WORD_SUFFIXES and _SHOUT.match(text, end):
        return False
    if head[: max(1, len(head) - 1)].isdigit():
        return has_numeric_symbols(SUFFIXES[suffix]) and (len(head) > 2 or suffix == "HK") and len(head) <= 6
    if suffix == "T" or text[start] == "$" or len(head) > (10 if suffix in _LONG_SYMBOLS else 7):
        return False
    if len(head) == 1:
        brackets = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
        return symbol == head and (len(suffix) > 1 or (suffix in "NO" and brackets))
    return "-" not in symbol or len(suffix) > 1 or text[end : end + 1] != "."  # "POLL-U.S."


# Words that say that a symbol follows


def _find_named(text: str) -> Iterator[Expression]:
    """`under the symbol "BOKS"`, `scrip code 532540`, `ticker: NRVN`, `the symbols "A" and "B"`."""
    for match in _NAMED.finditer(text):
        symbol, quoted = match["symbol"], match["quote"]
        words = match[0].lower()
        if symbol.isdigit() and ("code" not in words or len(symbol) < 3):
            continue
        if len(symbol) == 1 and not quoted and not words.startswith("under the"):
            continue
        if not quoted and symbol in _NO_CASHTAGS:
            continue
        start, end = match.span("symbol")
        yield Expression(start, end, _without_suffix(symbol, None), "ticker.named")
        while quoted and (more := _MORE_NAMED.match(text, end)):
            start, end = more.span("symbol")
            yield Expression(start, end, _without_suffix(more["symbol"], None), "ticker.named")


def _find_bloomberg(text: str) -> Iterator[Expression]:
    """`NRVN FH Equity`, `Bloomberg: NRVN FH`."""
    for pattern in (_BLOOMBERG, _BLOOMBERG_NAMED):
        for match in pattern.finditer(text):
            if match["place"] in BLOOMBERG and match["symbol"] != "MSCI":
                value = Ticker(symbol=match["symbol"], exchange=match["place"])
                yield Expression(match.start("symbol"), match.end(), value, "ticker.bloomberg")


def _find_repeated(text: str, found: list[Expression]) -> Iterator[Expression]:
    """A symbol that the text has elsewhere in a notation of its own, alone in brackets: `$NRVN: Norvane (NRVN)`."""
    symbols = {item.value.symbol for item in found if isinstance(item.value, Ticker) and item.value.kind == "ticker"}
    for match in _BRACKETED.finditer(text):
        if len(match["symbol"]) > 1 and match["symbol"] in symbols:
            yield Expression(*match.span("symbol"), Ticker(symbol=match["symbol"]), "ticker.repeated")
