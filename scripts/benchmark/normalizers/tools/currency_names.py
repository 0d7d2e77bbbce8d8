"""What libraries call a currency, as an ISO 4217 code. A name that several countries share means the one that is traded
most, as it does for our component."""

import functools
from decimal import Decimal

from babel.numbers import get_currency_name, list_currencies

_SHARED = {
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "pound sterling": "GBP",
    "sterling": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rupee": "INR",
    "franc": "CHF",
    "frank": "CHF",
    "krona": "SEK",
    "krone": "NOK",
    "crown": "SEK",
    "koruna": "CZK",
    "won": "KRW",
    "real": "BRL",
    "peso": "MXN",
    "rand": "ZAR",
    "ruble": "RUB",
    "lira": "TRY",
    "shekel": "ILS",
}
_MINOR = {"cent": "USD", "penny": "GBP", "pence": "GBP"}
_SIGNS = {
    "$": "USD",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "HK$": "HKD",
    "NZ$": "NZD",
    "S$": "SGD",
    "NT$": "TWD",
    "R$": "BRL",
    "MX$": "MXN",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "CN¥": "CNY",
    "₹": "INR",
    "Rs": "INR",
    "Rs.": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "kr": "SEK",
    "Fr": "CHF",
    "p": "GBP",
}


@functools.cache
def _names() -> dict[str, str]:
    names = {
        get_currency_name(code, locale="en").lower().replace("us dollar", "united states dollar"): code
        for code in list_currencies()
    }
    return names | _SHARED


@functools.cache
def currency_of(name: str) -> tuple[str, Decimal] | None:
    """A code, sign or English name in the singular.

    RETURNS (tuple | None): the code, and what the amount has to be multiplied with (0.01 for pence); None where the
        name is no currency's.
    """
    if name in _SIGNS:
        return _SIGNS[name], Decimal(1)
    if name.upper() in list_currencies():
        return name.upper(), Decimal(1)
    name = name.lower()
    if name in _MINOR:
        return _MINOR[name], Decimal("0.01")
    return (_names()[name], Decimal(1)) if name in _names() else None
