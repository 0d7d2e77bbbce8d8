"""What the tests of `money` share: a text as its amounts, and a Money from numbers as text."""

from decimal import Decimal

import spacy

from bellwether import Money
from bellwether.normalizers.money import MoneyNormalizer

NLP = spacy.blank("en")
MONEY = MoneyNormalizer()


def read(text, component=MONEY):
    return read_doc(component(NLP.make_doc(text)))


def read_doc(doc):
    return [(ent.text, ent._.value) for ent in doc.ents]


def money(currency, amount=None, **fields):
    """A Money with numbers as text; a bound fills the end that it names."""
    numbers = {name: Decimal(fields.pop(name)) for name in ("low", "high") if name in fields}
    if amount is not None:
        numbers["amount"] = Decimal(amount)
        end = {"at_least": "low", "at_most": "high"}.get(fields.get("bound"))
        if end:
            numbers[end] = numbers["amount"]
    elif numbers:
        fields["bound"] = "range"
    return Money(currency=currency, **numbers, **fields)
