"""A gazetteer of companies: finds those that a name, a ticker or an identifier may mean. Plain strings, no `Doc`."""

from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from rapidfuzz import fuzz, process
from spacy.util import registry

from .company_names import (
    MIN_SIMILARITY,
    Name,
    compare_forms,
    may_be_misspelt,
    read_name,
    strip_possessive,
    tidy,
    typo_cutoff,
    typo_similarity,
)
from .exchange_data import exchange_candidates
from .gazetteer_csv import Entry, format_csv, parse_csv, read_csv
from .legal_forms import GROUP_WORDS, WEAK_WORDS

_Key = TypeVar("_Key", bound=Hashable)
Rule = Literal["exact", "folded", "stripped", "loose", "translated", "fuzzy", "other_form"]

# How sure a match of each kind is. Not a probability: an order, in which a threshold can be set.
SCORES: dict[Rule, Decimal] = {
    "exact": Decimal(1),
    "folded": Decimal("0.99"),
    "stripped": Decimal("0.98"),
    "loose": Decimal("0.95"),
    "fuzzy": Decimal("0.94"),  # at most
    "translated": Decimal("0.92"),
    "other_form": Decimal("0.85"),
}
DEFAULT_THRESHOLD = 0.9
CACHE_SIZE = 16384
# Exchanges on which a symbol means the same share: "AAPL US" is Bloomberg's for all of the first.
_SHARED_SYMBOLS = {
    **dict.fromkeys(("NYSE", "NASDAQ", "NYSE American", "NYSE Arca", "Cboe BZX"), "United States"),
    **dict.fromkeys(("XETRA", "Frankfurt", "Stuttgart", "Munich"), "Germany"),
    **dict.fromkeys(("NSE", "BSE"), "India"),
}
# A text that is longer than any name of a company is a mistake of the recogniser.
_MAX_NAME_LENGTH = 200


class Match(NamedTuple):
    """A company that a text may mean.

    entry (Entry): the company.
    rule (str): how the text fits one of its names:
        exact: letter by letter, but for spaces;
        folded: but for case, accents, punctuation, spaces, "&" or "and", and "The" (Coca Cola, JP Morgan);
        stripped: but for legal forms (Norvane for Norvane Oyj);
        loose: but for words such as "Group" and "Holdings" (Norvane for Norvane Group Oyj);
        translated: with an English word for the legal form (Nokia Corporation for Nokia Oyj);
        fuzzy: misspelt;
        other_form: with another legal form, which is often that of a subsidiary (Norvane GmbH for Norvane Oyj).
    score (Decimal): how sure it is, 0 to 1, see `SCORES`. A fuzzy match has its similarity, at most 0.94.
    """

    entry: Entry
    rule: Rule
    score: Decimal


class Gazetteer:
    """An index of companies.

    A name is looked up by keys in dicts; only a name that no key finds is compared letter by letter, with the names
    that begin or end like it. The last 16,384 lookups are remembered.

    `len(gazetteer)` is the number of companies, `gazetteer[id]` an entry; it pickles.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Index companies.

        entries (Iterable[Entry]): with unique ids. The order matters where two fit alike: the first is named first.
        """
        self.entries = tuple(entries)
        self._exact: dict[str, tuple[int, ...]] = {}
        self._folded: dict[str, tuple[int, ...]] = {}
        self._cores: dict[str, tuple[int, ...]] = {}
        self._loose: dict[str, tuple[int, ...]] = {}
        for row, entry in enumerate(self.entries):
            for text in (entry.name, *entry.aliases):
                _add(self._exact, text, row)
                name = read_name(text)
                if not name.words:
                    continue
                _add(self._folded, name.key, row)
                core_key, loose_key = name.core_key, name.loose_key(WEAK_WORDS)
                _add(self._cores, core_key, row)
                if loose_key != core_key:
                    _add(self._loose, loose_key, row)
        self._remembered = lru_cache(maxsize=CACHE_SIZE)(self._find)

    @classmethod
    def from_csv(cls, path: str | Path) -> "Gazetteer":
        """Read a CSV file; raises GazetteerError, which lists all that is wrong with it."""
        return cls(read_csv(path))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Gazetteer":
        """RETURNS (Gazetteer): what `to_bytes` wrote."""
        return cls(parse_csv(data, source="gazetteer", checked=True))

    def to_bytes(self) -> bytes:
        """RETURNS (bytes): the content of a CSV file."""
        return format_csv(self.entries)

    def __reduce__(self) -> tuple[Any, ...]:
        return Gazetteer, (self.entries,)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __getitem__(self, id_: str) -> Entry:
        return self.entries[self._ids[id_]]

    def lookup(self, text: str, *, threshold: float = DEFAULT_THRESHOLD) -> tuple[Match, ...]:
        """Find the companies that a name may mean.

        text (str): as a document says it, also in the genitive.
        threshold (float): the lowest score of a match.
        RETURNS (tuple): the matches, the likeliest first; of equal ones, the first of the gazetteer. Empty where there
            is none.
        """
        return self._remembered(text, threshold)

    def _find(self, text: str, threshold: float) -> tuple[Match, ...]:
        if not self.entries or len(text) > _MAX_NAME_LENGTH:
            return ()
        text = tidy(text)
        variants = dict.fromkeys([text, strip_possessive(text)])
        found: dict[int, Match] = {}
        for variant in variants:
            self._find_keys(variant, found)
            if any(match.score >= threshold for match in found.values()):
                break
        if not found:
            for variant in variants:
                self._find_misspelt(read_name(variant), threshold, found)
        matches = [(-match.score, row, match) for row, match in found.items() if match.score >= threshold]
        return tuple([match for *_, match in sorted(matches)])

    def _find_keys(self, text: str, found: dict[int, Match]) -> None:
        """Matches by the keys, the best of each company."""

        def add(rows: Iterable[int], rule: Rule) -> None:
            for row in rows:
                if row not in found or found[row].score < SCORES[rule]:
                    found[row] = Match(self.entries[row], rule, SCORES[rule])

        add(self._exact.get(text, ()), "exact")
        name = read_name(text)
        if not name.words:
            return
        add(self._folded.get(name.key, ()), "folded")
        same_core = self._cores.get(name.core_key, ())
        forms = [(row, self._compare_forms(row, name)) for row in same_core]
        add([row for row, form in forms if form == "same"], "stripped")
        if not name.forms:  # "Norvane Holdings Ltd" is no loose name of Norvane Oyj, but one of its subsidiaries
            add(self._loose.get(name.core_key, ()), "loose")
            add(self._cores.get(name.loose_key(GROUP_WORDS), ()), "loose")
        add([row for row, form in forms if form == "translated"], "translated")
        add([row for row, form in forms if form == "other"], "other_form")

    def _compare_forms(self, row: int, name: Name) -> str:
        """The best that `compare_forms` says of a name and those of a company with the same core."""
        entry = self.entries[row]
        own = [other for other in map(read_name, (entry.name, *entry.aliases)) if other.core_key == name.core_key]
        return min([compare_forms(name, other) for other in own], key=("same", "translated", "other").index)

    def _find_misspelt(self, name: Name, threshold: float, found: dict[int, Match]) -> None:
        if not name.words or not may_be_misspelt(name):
            return
        text = " ".join(name.core)
        threshold = max(threshold, MIN_SIMILARITY)
        cutoff = typo_cutoff(len(text), threshold)
        choices: dict[str, tuple[int, ...]] = {}
        for length in range(int(len(text) * cutoff / (2 - cutoff)), int(len(text) * (2 - cutoff) / cutoff) + 2):
            for key in _block_keys(text, length):
                choices.update(self._misspellable.get(key, {}))
        close = process.extract(text, choices.keys(), scorer=fuzz.ratio, score_cutoff=100 * cutoff, limit=None)
        for choice, *_ in close:
            similarity = typo_similarity(text, choice)
            if similarity >= threshold:
                score = min(SCORES["fuzzy"], Decimal(f"{similarity:.3f}"))
                meant = name._replace(core=tuple(choice.split(" ")))
                for row in choices[choice]:
                    if self._compare_forms(row, meant) == "other":
                        continue
                    if row not in found or found[row].score < score:
                        found[row] = Match(self.entries[row], "fuzzy", score)

    @cached_property
    def _misspellable(self) -> dict[tuple[str, int], dict[str, tuple[int, ...]]]:
        """Cores of names, in blocks of those that begin or end alike and are equally long."""
        blocks: dict[tuple[str, int], dict[str, tuple[int, ...]]] = {}
        for row, entry in enumerate(self.entries):
            for name in map(read_name, (entry.name, *entry.aliases)):
                if name.words and may_be_misspelt(name):
                    text = " ".join(name.core)
                    for key in _block_keys(text, len(text)):
                        _add(blocks.setdefault(key, {}), text, row)
        return blocks

    def find_ticker(self, symbol: str, exchange: str | None = None) -> list[Entry]:
        """Find the companies with a listing.

        symbol (str): "BRK.B"; punctuation and leading zeros of a number do not matter.
        exchange (str | None): a name or code of it, see `exchange_data`; None where the text does not say.
        RETURNS (list[Entry]): the companies with this symbol, in the order of the gazetteer. A listing that is not on
            the exchange does not count, unless the exchanges of the country share their symbols; one without an
            exchange does.
        """
        spaces = None if not exchange else _symbol_spaces(exchange)
        found: dict[int, None] = {}
        for row, own in self._symbols.get(_symbol_key(symbol), ()):
            if spaces is None or not own or not spaces.isdisjoint(own):
                found[row] = None
        return [self.entries[row] for row in found]

    def find_identifier(self, kind: str, code: str) -> list[Entry]:
        """Find the companies with an identifier.

        kind (str): "isin", "lei", "cusip" or "sedol"; the last two are read from the ISIN that contains them.
        code (str): the identifier.
        RETURNS (list[Entry]): one company, or none; several where the gazetteer repeats an identifier.
        """
        return [self.entries[row] for row in self._identifiers.get((kind, code.strip().upper()), ())]

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {entry.id: row for row, entry in enumerate(self.entries)}

    @cached_property
    def _symbols(self) -> dict[str, list[tuple[int, frozenset[str]]]]:
        symbols: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for row, entry in enumerate(self.entries):
            if entry.ticker:
                spaces = _symbol_spaces(entry.exchange) if entry.exchange else frozenset()
                symbols.setdefault(_symbol_key(entry.ticker), []).append((row, spaces))
            for listing in entry.listings:
                exchange, _, symbol = listing.partition(":")
                symbols.setdefault(_symbol_key(symbol), []).append((row, _symbol_spaces(exchange)))
        return symbols

    @cached_property
    def _identifiers(self) -> dict[tuple[str, str], tuple[int, ...]]:
        identifiers: dict[tuple[str, str], tuple[int, ...]] = {}
        for row, entry in enumerate(self.entries):
            if entry.lei:
                _add(identifiers, ("lei", entry.lei), row)
            if entry.isin:
                _add(identifiers, ("isin", entry.isin), row)
                if entry.isin[:2] in ("US", "CA"):
                    _add(identifiers, ("cusip", entry.isin[2:11]), row)
                elif entry.isin[:4] in ("GB00", "IE00"):
                    _add(identifiers, ("sedol", entry.isin[4:11]), row)
        return identifiers

    def shared_names(self) -> dict[str, list[str]]:
        """RETURNS (dict): names and aliases that several companies have letter by letter, with the ids of these."""
        return {text: [self.entries[row].id for row in rows] for text, rows in self._exact.items() if len(rows) > 1}


def _add(index: dict[_Key, tuple[int, ...]], key: _Key, row: int) -> None:
    rows = index.get(key)
    if rows is None:
        index[key] = (row,)
    elif rows[-1] != row:
        index[key] = (*rows, row)


def _block_keys(text: str, length: int) -> tuple[tuple[str, int], tuple[str, int]]:
    """The blocks that a misspelt form of `text` of this length is in: an edit leaves the beginning or the end alone."""
    return (text[:3], length), (f"{text[0]}…{text[-3:]}", length)


@lru_cache(maxsize=1024)
def _symbol_spaces(exchange: str) -> frozenset[str]:
    """The sets of symbols that an exchange may use: its own, which those of one country often share."""
    codes = exchange_candidates(exchange) or exchange_candidates(exchange.upper()) or (exchange.upper(),)
    return frozenset([_SHARED_SYMBOLS.get(code, code) for code in codes])


def _symbol_key(symbol: str) -> str:
    key = "".join([char for char in symbol.upper() if char.isalnum()])
    return key.lstrip("0") or key if key.isdigit() else key


@registry.readers("bellwether.Gazetteer.v1")
def read_gazetteer(path: str | Path) -> Gazetteer:
    """Read a gazetteer for `[initialize.components.company]`.

    path (str | Path): a CSV file, see `assets/gazetteers/README.md`.
    """
    return Gazetteer.from_csv(path)
