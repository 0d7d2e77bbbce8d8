"""The component `money`: amounts of a currency, as `Money` values. Reads text; writes `doc.ents`, `span._.value`,
`span._.source`."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from spacy.language import Language

from ..values import Money
from .amounts import Amount, find_amounts
from .base import Expression, Normalizer, Overlap
from .bounds import read_bound, words_before
from .currencies import Currency, load_notations
from .currency_data import DEFAULTS, WHOLES, WORLDWIDE
from .currency_evidence import country_evidence, legal_form_evidence, name_evidence, statement_evidence
from .per import read_each, read_per

# Between two amounts that share their "a share".
_STEP = re.compile(r" (?:to|and|or|from|versus|vs\.?|against)(?: (?:about|around|only|just|nearly|almost))? ")
_LONGEST_STEP = 24
_OPENERS = frozenset({" (", "("})


@Language.factory(
    "money",
    assigns=["doc.ents", "span._.value", "span._.source"],
    default_config={
        "label": "MONEY",
        "currencies": {},
        "overlap": "replace",
        "scorer": {"@scorers": "bellwether.value_scorer.v1", "label": "MONEY"},
    },
    default_score_weights={"money_f": 0.0, "money_p": 0.0, "money_r": 0.0, "money_value_accuracy": 0.0},
)
def make_money(
    nlp: Language,
    name: str,
    *,
    label: str,
    currencies: dict[str, str | None],
    overlap: Overlap,
    scorer: Callable[..., dict[str, Any]] | None,
) -> "MoneyNormalizer":
    """Make a component that finds amounts of money and reads their values.

    label (str): the label of the entities.
    currencies (Dict[str, str | None]): the currency of a notation that several share, where the document does not say:
        {"$": "CAD", "kr": "SEK"}. What is not set here is as in `currency_data.DEFAULTS`: "$" is USD, "£" GBP, "¥" JPY,
        "Rs" INR, "franc" CHF, "peso" MXN and so on; None leaves the currency open. The keys are those of `DEFAULTS`.
        What markets pay in without an ISO 4217 code has its market symbol: "BTC", "ETH" (`currency_data.MARKET_CODES`).
    overlap (str): "replace" removes entities that overlap with an amount, "keep" drops the amount.
    scorer (Callable | None): the scoring method; by default precision, recall and F1 of the spans and the accuracy of
        their values.
    """
    return MoneyNormalizer(name, label=label, currencies=currencies, overlap=overlap, scorer=scorer)


class MoneyNormalizer(Normalizer):
    """Finds `$4.2bn`, `EUR 13.1 mn`, `12p`, `$(1.2) million`, `half a million dollars`, `$3.1-3.3 billion` and so on.

    Rules (`span._.source`): `money.symbol_before`, `money.symbol_after`, `money.word_before`, `money.word_after`, where
    a word is an ISO code, an abbreviation or a name.
    """

    def __init__(
        self,
        name: str = "money",
        *,
        label: str = "MONEY",
        currencies: dict[str, str | None] | None = None,
        overlap: Overlap = "replace",
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        """Initialize the component; the arguments are those of `make_money`.

        RAISES (ValueError): `currencies` has a key that no notation uses, or a value that is no ISO 4217 code.
        """
        super().__init__(name, label=label, overlap=overlap, scorer=scorer)
        self.notations = load_notations()
        for key, code in (currencies or {}).items():
            if key not in DEFAULTS:
                raise ValueError(f"{name}: 'currencies' has no notation {key!r}; known are {', '.join(DEFAULTS)}")
            if code is not None and code not in self.notations.codes:
                raise ValueError(f"{name}: currencies.{key} must be an ISO 4217 code or null, got {code!r}")
        self.currencies = DEFAULTS | (currencies or {})

    def find(self, text: str) -> Iterable[Expression]:
        """Find the amounts of a text."""
        amounts = find_amounts(text, self.notations)
        if not amounts:
            return []
        _read_pers(text, amounts)
        resolver = _Resolver(text, amounts, self.currencies)
        return [_to_expression(text, amount, *resolver.resolve(amount)) for amount in amounts]


class _Resolver:
    """How shared notations are read in one document.

    What speaks for a currency is that it is the only candidate which the document names beside another amount: "A$5m …
    $3m" is all in AUD. "A$5m ($3.3m)" is a conversion, and in a document that writes US$ as well, it is the other
    dollar. Words ("cents", "pounds", "kroner") also listen to what else the text names: currencies, countries, legal
    forms.
    """

    def __init__(self, text: str, amounts: list[Amount], defaults: dict[str, str | None]) -> None:
        """Initialize for a text.

        amounts (list): all amounts of the text, each with a currency.
        defaults (dict): for each shared notation what is taken without evidence.
        """
        self.text = text
        self.defaults = defaults
        self.named: set[str] = set()
        self.has_dollars = False
        for amount in amounts:
            if len(amount.currency.codes) == 1:
                self.named.add(amount.currency.codes[0])
            elif code := _of_the_whole(amount):
                self.named.add(code)
            elif amount.currency.key == "$" and amount.currency.divisor == 1:
                self.has_dollars = True
        self._chosen: dict[tuple[Currency, bool, bool], tuple[str | None, tuple[str, ...]]] = {}

    def resolve(self, amount: Amount) -> tuple[str | None, tuple[str, ...]]:
        """RETURNS (tuple): the currency of an amount, None where it stays open, and the candidates, most likely
        first."""
        currency = amount.currency
        if len(currency.codes) == 1:
            return currency.codes[0], ()
        if code := _of_the_whole(amount):
            return code, (code,)
        converted = amount.start > 0 and self.text[amount.start - 1] == "("
        key = currency, converted, amount.rule.startswith("money.word")
        if key not in self._chosen:
            chosen = self._choose(*key)
            others = tuple(code for code in currency.codes if code != chosen)
            self._chosen[key] = chosen, currency.codes if chosen is None else (chosen, *others)
        return self._chosen[key]

    def _choose(self, currency: Currency, converted: bool, in_words: bool) -> str | None:
        default = self.defaults.get(currency.key or "")
        evidence = self.named.intersection(currency.codes)
        if len(evidence) > 1:
            evidence.discard(default or "")
        if len(evidence) == 1 and not converted:
            return evidence.pop()
        found = None
        if currency.key not in WORLDWIDE or (currency.divisor != 1 and not self.has_dollars):
            lowered = self.text.lower()
            found = (
                name_evidence(lowered, currency.codes)
                or country_evidence(self.text, lowered, currency.codes)
                or legal_form_evidence(self.text, currency.codes)
            )
        elif currency.key == "£" and in_words:
            found = name_evidence(self.text.lower(), currency.codes)
        elif currency.key == "$" and not converted and "dollars" in (lowered := self.text.lower()):
            found = statement_evidence(lowered)
        return found or default


def _to_expression(text: str, amount: Amount, code: str | None, candidates: tuple[str, ...]) -> Expression:
    per, end = amount.per
    if amount.last is not None:
        value = Money(currency=code, low=amount.number, high=amount.last, bound="range", per=per, candidates=candidates)
    else:
        bound = read_bound(text, amount.start, end).bound
        value = Money(
            amount=amount.number,
            currency=code,
            low=amount.number if bound == "at_least" else None,
            high=amount.number if bound == "at_most" else None,
            bound=bound,
            per=per,
            candidates=candidates,
        )
    return Expression(amount.start, amount.end, value, amount.rule)


def _read_pers(text: str, amounts: list[Amount]) -> None:
    """Read what each amount is for; the first of "from $4.90 to $1.75 per barrel" is so as well."""
    following: Amount | None = None
    for amount in reversed(amounts):
        amount.per = read_per(text, amount.end)
        if amount.per[0] is None:
            amount.per = read_each(text, amount.start, amount.end)
        if amount.per[0] is None and following is not None and following.start - amount.end <= _LONGEST_STEP:
            step = _STEP.fullmatch(text, amount.end, following.start)
            if step and amount.currency.agrees(following.currency) and _is_of_a_kind(text, amount, following, step[0]):
                amount.per = following.per[0], amount.end
        is_converted = following and text[amount.end : following.start] in _OPENERS
        if (
            amount.per[0] is None and following and is_converted and text.startswith(")", following.end)
        ):  # "812 yuan ($112) a tonne"
            amount.per = read_per(text, following.end + 1)[0], amount.end
        following = amount


def _is_of_a_kind(text: str, amount: Amount, following: Amount, step: str) -> bool:
    """Whether the amounts on both sides of a step are for the same: "from $4 to $2 a barrel", but not "fell $2 to $4 a
    barrel" or "$3m or $0.42 a share"."""
    if amount.scale is not None and following.scale is None:
        return False
    return not step.startswith(" to ") or "from" in words_before(text, amount.start)[-3:]


def _of_the_whole(amount: Amount) -> str | None:
    """The currency of "71 cents on the euro"."""
    return WHOLES.get(amount.per[0] or "") if amount.currency.divisor != 1 else None
