"""The component `company`: resolves entities that others found, an ORG or a TICKER, to companies of a gazetteer.

Reads `doc.ents` and the `Ticker` in `span._.value`; writes `span._.value` or `span._.company`, `span.kb_id_`, and
`doc.spans["company_candidates"]` for names that several companies have.
"""

import warnings
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span
from spacy.training import Example

from ..attributes import get_span_field, set_span_field
from ..values import Company, Ticker
from .company_names import Name, read_name, strip_possessive, tidy
from .gazetteer import CACHE_SIZE, Gazetteer, Match
from .gazetteer_csv import Entry
from .legal_forms import GENERIC_WORDS

FILE_NAME = "companies.csv"
# A short form of a name that the document gives in full.
IN_DOCUMENT_SCORE = Decimal("0.96")
_MIN_ACRONYM = 3
_UNIMPORTANT_WORDS = frozenset({"and", "of", "the", "for", "de", "du", "di", "der"})


@Language.factory(
    "company",
    assigns=["span._.value", "span._.company", "token.ent_kb_id"],
    requires=["doc.ents"],
    default_config={
        "labels": ["ORG"],
        "ticker_label": "TICKER",
        "threshold": 0.9,
        "margin": 0.02,
        "spans_key": "company_candidates",
    },
)
def make_company(
    nlp: Language,
    name: str,
    *,
    labels: list[str],
    ticker_label: str | None,
    threshold: float,
    margin: float,
    spans_key: str | None,
) -> "CompanyResolver":
    """Make a component that resolves entities to companies. It starts with an empty gazetteer.

    labels (list[str]): the labels of entities that may name a company.
    ticker_label (str | None): the label of entities with a `Ticker` as their value; None leaves these alone.
    threshold (float): the lowest score of a match, 0 to 1; what the scores mean is in `CompanyResolver`.
    margin (float): a misspelt name has several companies where their scores differ by no more than this.
    spans_key (str | None): where in `doc.spans` the candidates for an ambiguous entity go; None drops them.
    """
    return CompanyResolver(
        name, labels=labels, ticker_label=ticker_label, threshold=threshold, margin=margin, spans_key=spans_key
    )


class Mention(NamedTuple):
    """An entity of a document, as the resolver sees it: a name, or a ticker.

    text (str): as the document says it.
    ticker (Ticker | None): its value, where it is a ticker.
    """

    text: str
    ticker: Ticker | None = None


class Resolution(NamedTuple):
    """What a mention means.

    entry (Entry | None): the company; None where several fit equally.
    score (Decimal): how sure it is.
    others (tuple): the other companies that fit, the likeliest first; where `entry` is None, all that do.
    """

    entry: Entry | None
    score: Decimal
    others: tuple[Entry, ...] = ()


class CompanyResolver(Pipe):
    """Resolves the entities of a doc to companies of a gazetteer.

    An ORG gets its `Company` as `span._.value`; an entity that has another value, a TICKER, keeps it and gets the
    company as `span._.company`. Both get the id as `span.kb_id_`, spaCy's own field for links. `span._.source` stays:
    it says who found the entity, and this component finds none. How the name was matched is told by the score:

    | score | the entity says |
    |---|---|
    | 1 | a name, an alias, a ticker or an identifier, letter by letter |
    | 0.99 | the same, but for case, accents, punctuation, "&" or "and", "The" |
    | 0.98 | the same without legal forms ("Norvane" for "Norvane Oyj") |
    | 0.96 | a part of a name that the document gives in full, or its initials |
    | 0.95 | the same without words such as "Group" |
    | up to 0.94 | a misspelt name: the similarity |
    | 0.92 | the same with an English word for the legal form ("Nokia Corporation" for "Nokia Oyj") |
    | 0.85 | the same with another legal form; below the default threshold |

    An entity that fits several companies is resolved by the rest of the document: another entity that means one of them
    and no other. Without such evidence the best one counts; where several are the best, the entity has no value, and
    `doc.spans["company_candidates"]` has a span for each of them, with its `kb_id_`.
    """

    def __init__(
        self,
        name: str = "company",
        *,
        labels: Sequence[str] = ("ORG",),
        ticker_label: str | None = "TICKER",
        threshold: float = 0.9,
        margin: float = 0.02,
        spans_key: str | None = "company_candidates",
    ) -> None:
        """Initialize the component; the arguments are those of `make_company`.

        RAISES (ValueError): `threshold` or `margin` is not between 0 and 1.
        """
        for setting, number in (("threshold", threshold), ("margin", margin)):
            if not 0 <= number <= 1:
                raise ValueError(f"{name}: '{setting}' must be between 0 and 1, got {number!r}")
        self.name = name
        self.resolved_labels = frozenset(labels)
        self.ticker_label = ticker_label
        self.threshold = threshold
        self.margin = margin
        self.spans_key = spans_key
        self.gazetteer = Gazetteer()
        self._warned = False

    def load_gazetteer(self, path: str | Path) -> None:
        """Read the companies of a CSV file; they replace those that the component had.

        path (str | Path): the file, see `assets/gazetteers/README.md`.
        RAISES (FileNotFoundError): there is none. (GazetteerError): it is wrong; lists lines and columns.
        """
        self.gazetteer = Gazetteer.from_csv(path)

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        gazetteer: Gazetteer | None = None,
    ) -> None:
        """Take the gazetteer that the config names. Without one, the component keeps what it has.

            [initialize.components.company.gazetteer]
            @readers = "bellwether.Gazetteer.v1"
            path = "assets/gazetteers/companies.csv"

        get_examples (Callable | None): not used.
        nlp (Language | None): not used.
        gazetteer (Gazetteer | None): the companies.
        """
        if gazetteer is not None:
            self.gazetteer = gazetteer

    def __call__(self, doc: Doc) -> Doc:
        """Resolve the entities of a doc; sets `span._.value`, `span._.company`, `span.kb_id_` and `doc.spans`.

        doc (Doc): the document to process.
        RETURNS (Doc): the processed document.
        """
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> list[tuple[Span, Resolution]]:
        """RETURNS (list): the entities that mean a company, or one of several."""
        found = [(ent, mention) for ent in doc.ents if (mention := self._read_mention(ent)) is not None]
        if not found:
            return []
        if not len(self.gazetteer):
            self._warn()
            return []
        resolutions = self.resolve([mention for _, mention in found])
        return [(ent, resolution) for (ent, _), resolution in zip(found, resolutions, strict=True) if resolution]

    def _read_mention(self, ent: Span) -> Mention | None:
        label = ent.label_
        if label in self.resolved_labels:
            return Mention(ent.text)
        if label == self.ticker_label and isinstance(value := ent._.value, Ticker):
            return Mention(ent.text, value)
        return None

    def _warn(self) -> None:
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"The component '{self.name}' has no companies, so it resolves nothing. Load some with "
                f"nlp.get_pipe({self.name!r}).load_gazetteer('companies.csv'), or name a file under "
                f"[initialize.components.{self.name}.gazetteer] of the training config.",
                stacklevel=3,
            )

    def resolve(self, mentions: Sequence[Mention]) -> list[Resolution | None]:
        """Resolve the names and tickers of one document together.

        mentions (Sequence[Mention]): in the order of the document.
        RETURNS (list): for each mention what it means; None where the gazetteer has nothing for it.
        """
        matches = [self._find(mention) for mention in mentions]
        if len(mentions) == 1:
            return [self._decide(matches[0], frozenset())]
        known = [match for found in matches if (match := _only(found)) is not None]
        evidence = frozenset([match.entry.id for match in known])
        resolutions = [self._decide(found, evidence) for found in matches]
        if known and None in resolutions:
            self._resolve_short_forms(mentions, resolutions, evidence)
        return resolutions

    def _find(self, mention: Mention) -> tuple[Match, ...]:
        ticker = mention.ticker
        if ticker is None:
            return self.gazetteer.lookup(mention.text, threshold=self.threshold)
        if ticker.kind == "ticker":
            entries = self.gazetteer.find_ticker(ticker.symbol, ticker.exchange)
        else:
            entries = self.gazetteer.find_identifier(ticker.kind, ticker.symbol)
        return tuple([Match(entry, "exact", Decimal(1)) for entry in entries])

    def _decide(self, matches: tuple[Match, ...], evidence: frozenset[str]) -> Resolution | None:
        """What a mention means: of several companies the one that the document names elsewhere, else the best if it is
        better than the others."""
        if not matches:
            return None
        best = matches[0]
        if len(matches) == 1:
            return Resolution(best.entry, best.score)
        named = [match for match in matches if match.entry.id in evidence]
        if len(named) == 1:
            best = named[0]
            equal = [best]
        else:
            margin = Decimal(str(self.margin)) if best.rule == "fuzzy" else 0
            equal = [match for match in matches if best.score - match.score <= margin]
        others = tuple([match.entry for match in matches if match is not best])
        if len(equal) == 1:
            return Resolution(best.entry, best.score, others)
        return Resolution(None, best.score, tuple([match.entry for match in equal]))

    def _resolve_short_forms(
        self, mentions: Sequence[Mention], resolutions: list[Resolution | None], evidence: frozenset[str]
    ) -> None:
        """Fill in the mentions that the gazetteer does not know, where they shorten a name that the document gives in
        full: "Norvane" or "NIS" after "Norvane Industrial Systems Oyj"."""
        names = [read_name(tidy(strip_possessive(mention.text))) for mention in mentions]
        short_forms: dict[tuple[str, ...] | str, dict[str, Entry]] = {}
        unknown: set[tuple[str, ...]] = set()  # what else may be shortened: names of companies that the gazetteer lacks
        for name, mention, resolution in zip(names, mentions, resolutions, strict=True):
            if resolution is None:
                unknown.update(_beginnings(name))
            elif resolution.entry is not None and resolution.entry.id in evidence:
                entry = resolution.entry
                for full in (read_name(entry.name), *([] if mention.ticker else [name])):
                    shorter: list[tuple[str, ...] | str] = [full.core, *_beginnings(full), *_initials(full)]
                    for short in shorter:
                        short_forms.setdefault(short, {})[entry.id] = entry
        for index, (name, mention) in enumerate(zip(names, mentions, strict=True)):
            if resolutions[index] is not None or mention.ticker is not None or not _may_be_short(name):
                continue
            acronym = tidy(mention.text).replace(".", "")
            fitting = {} if name.core in unknown else dict(short_forms.get(name.core, {}))
            if acronym.isupper():
                fitting |= short_forms.get(acronym.casefold(), {})
            first, *others = fitting.values() or [None]
            if first is None or self.threshold > IN_DOCUMENT_SCORE:
                continue
            if others:
                resolutions[index] = Resolution(None, IN_DOCUMENT_SCORE, tuple(fitting.values()))
            else:
                resolutions[index] = Resolution(first, IN_DOCUMENT_SCORE)

    def set_annotations(self, doc: Doc, resolved: Sequence[tuple[Span, Resolution]]) -> None:
        """Write resolutions to a doc. Entities that were not resolved stay as they are."""
        candidates = []
        for ent, resolution in resolved:
            if resolution.entry is None:
                candidates += [
                    Span(doc, ent.start, ent.end, label=ent.label, kb_id=entry.id) for entry in resolution.others
                ]
                continue
            value = get_span_field(ent, name="value")
            is_free = value is None or value.get("type") == Company.type
            data = _company_json(resolution.entry, resolution.score, resolution.others)
            set_span_field(ent, data.copy(), name="value" if is_free else "company")
            # As spaCy's `entity_linker` does. `doc.set_ents` would read it from the spans, and write the rest again.
            kb_id = doc.vocab.strings.add(resolution.entry.id)
            for token in ent:
                token.ent_kb_id = kb_id
        if candidates and self.spans_key:
            doc.spans[self.spans_key] = candidates

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:
        """RETURNS (bytes): the gazetteer; the settings are in the config."""
        return b"" if "gazetteer" in exclude else self.gazetteer.to_bytes()

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> "CompanyResolver":
        """RETURNS (CompanyResolver): itself, with the gazetteer that `to_bytes` wrote."""
        if data and "gazetteer" not in exclude:
            self.gazetteer = Gazetteer.from_bytes(data)
        return self

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:
        """Write the gazetteer to `companies.csv` in a folder, so that a packaged pipeline needs no other file."""
        if "gazetteer" not in exclude:
            path = Path(path)
            path.mkdir(parents=True, exist_ok=True)
            (path / FILE_NAME).write_bytes(self.gazetteer.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> "CompanyResolver":
        """RETURNS (CompanyResolver): itself, with the gazetteer of a folder that `to_disk` wrote. The file is checked
        like any other: it is plain text, which someone may have edited."""
        if "gazetteer" not in exclude:
            self.load_gazetteer(Path(path) / FILE_NAME)
        return self


def _only(matches: tuple[Match, ...]) -> Match | None:
    """The company of a mention that is evidence for others: it fits no other company, and is not misspelt. A full name
    with its legal form is evidence, though another company has that name with another form."""
    if not matches or matches[0].rule == "fuzzy":
        return None
    best = matches[0]
    if len(matches) > 1 and not (best.rule in ("exact", "folded") and matches[1].rule in ("translated", "other_form")):
        return None
    return best


@lru_cache(maxsize=CACHE_SIZE)
def _company_json(entry: Entry, score: Decimal, others: tuple[Entry, ...]) -> dict[str, Any]:
    """The value of a resolved mention, as the doc stores it."""
    company = Company(
        id=entry.id,
        name=entry.name,
        ticker=entry.ticker,
        exchange=entry.exchange,
        lei=entry.lei,
        cik=entry.cik,
        fiscal_year_end=entry.fiscal_year_end,
        score=score,
        alternatives=tuple([other.id for other in others]),
    )
    return company.to_json()


def _may_be_short(name: Name) -> bool:
    core = name.core
    return bool(core) and not name.forms and any(word not in GENERIC_WORDS for word in core)


def _beginnings(name: Name) -> list[tuple[str, ...]]:
    """The first words of a name, fewer than all: ("norvane",) and ("norvane", "industrial")."""
    return [name.core[:size] for size in range(1, len(name.core))]


def _initials(name: Name) -> set[str]:
    """The initials of a name, at least three, with and without legal forms and words such as "of"."""
    initials = set()
    for words in (name.core, name.words):
        initials.add("".join([word[0] for word in words]))
        initials.add("".join([word[0] for word in words if word not in _UNIMPORTANT_WORDS]))
    return {letters for letters in initials if len(letters) >= _MIN_ACRONYM}
