"""What news and filings write for currencies and babel's locale data lacks: signs, prefixes, minor units, trade names.
Data only.

Where a notation is shared by several currencies, they are listed most likely first. Whether the first is taken is
decided elsewhere: by the document and by the `currencies` setting of the component, whose keys are those of `DEFAULTS`.
"""

import re

_words = str.split

# Most traded first (BIS triennial survey, then by use in the news): ranks the candidates of a shared notation.
RANKING = _words(
    "USD EUR JPY GBP CNY AUD CAD CHF HKD SGD INR KRW SEK MXN NZD NOK TWD BRL ZAR DKK PLN THB ILS IDR CZK AED TRY "
    "HUF CLP SAR PHP MYR COP RUB RON PEN KWD BHD EGP ARS QAR NGN KES PKR BDT VND UAH ISK MAD OMR JOD XOF XAF LKR "
    "DEM FRF ITL ESP NLG BEF FIM ATS PTE IEP GRD"
)

# Shared notations. Key: how the setting calls it.
SHARED: dict[str, list[str]] = {
    "$": _words("USD CAD AUD HKD SGD NZD TWD MXN"),
    "¥": _words("JPY CNY"),
    "£": _words("GBP EGP LBP"),
    "kr": _words("SEK NOK DKK ISK"),
    "crown": _words("SEK NOK DKK CZK ISK"),
    "Rs": _words("INR PKR LKR NPR MUR"),
    "P": _words("PHP BWP"),
    "Sh": _words("KES TZS UGX"),
    "cent": _words("USD EUR AUD CAD NZD SGD HKD ZAR MUR KES LKR NAD JMD TTD BBD FJD TWD"),
    "sen": _words("MYR JPY IDR"),
    "øre": _words("SEK NOK DKK"),
    "CFA": _words("XOF XAF"),
}
# Notations that follow the setting of another one.
SAME_SETTING = {
    "cent": "$",
    "crown": "kr",
    "øre": "kr",
    **dict.fromkeys(("krone", "koruna", "króna", "kroner", "krona"), "kr"),
}

# Signs, before or after the number. A value is a currency, or a key of SHARED.
SIGNS = {
    "$": "$", "¥": "¥", "£": "£", "€": "EUR", "₹": "INR", "₨": "Rs", "₩": "KRW", "₪": "ILS", "₫": "VND", "₱": "PHP",
    "฿": "THB",
    "₺": "TRY", "₽": "RUB", "₴": "UAH", "₦": "NGN", "₡": "CRC", "₵": "GHS", "₭": "LAK", "₮": "MNT", "₲": "PYG",
    "₸": "KZT",
    "₼": "AZN", "₾": "GEL", "֏": "AMD", "៛": "KHR", "؋": "AFN", "₤": "ITL", "₧": "ESP", "₣": "FRF", "元": "CNY",
    "円": "JPY",
    "¢": "cent", "₿": "BTC",
}  # fmt: skip

# Letters that touch a sign and say whose it is; every ISO code does so too ("usd$").
SIGN_PREFIXES = {
    "$": {
        "US": "USD", "U.S.": "USD", "U.S": "USD", "A": "AUD", "AU": "AUD", "Aus": "AUD", "C": "CAD", "CA": "CAD",
        "Can": "CAD",
        "Cdn": "CAD", "CDN": "CAD", "HK": "HKD", "NZ": "NZD", "S": "SGD", "SG": "SGD", "R": "BRL", "NT": "TWD",
        "MX": "MXN",
        "Mex": "MXN", "AR": "ARS", "CL": "CLP", "COL": "COP", "J": "JMD", "TT": "TTD", "BZ": "BZD", "EC": "XCD",
        "N": "NAD",
        "FJ": "FJD", "F": "FJD", "Bds": "BBD", "BD": "BMD", "B": "BND", "G": "GYD", "L": "LRD", "Z": "ZWL", "CI": "KYD",
    },
    "¥": {"CN": "CNY", "JP": "JPY"},
    "£": {"E": "EGP", "IR": "IEP", "GB": "GBP", "stg": "GBP", "Stg": "GBP"},
    "₵": {"GH": "GHS"},
    "¢": {"GH": "GHS", "US": "USD/100"},
}  # fmt: skip

# Words before the number, exactly so written. "/100": the number counts hundredths.
PREFIXES = {
    "Rs": "Rs", "Rs.": "Rs", "Re": "Rs", "Re.": "Rs", "INR.": "INR", "Rupees": "Rs", "rupees": "Rs",
    "kr": "kr", "kr.": "kr", "Kr": "kr", "Kr.": "kr", "KR": "kr", "SKr": "SEK", "NKr": "NOK", "DKr": "DKK",
    "Skr": "SEK", "Nkr": "NOK",
    "Dkr": "DKK", "SFr": "CHF", "SFr.": "CHF", "Sfr": "CHF", "Fr.": "CHF", "FFr": "FRF", "BFr": "BEF", "DM": "DEM",
    "RM": "MYR",
    "Rp": "IDR", "Rp.": "IDR", "RMB": "CNY", "Rmb": "CNY", "rmb": "CNY", "Php": "PHP", "PhP": "PHP", "Bt": "THB",
    "Baht": "THB",
    "Dh": "AED", "Dhs": "AED", "Dh.": "AED", "Tk": "BDT", "Tk.": "BDT", "KSh": "KES", "Ksh": "KES", "KShs": "KES",
    "Kshs": "KES",
    "USh": "UGX", "Ush": "UGX", "TSh": "TZS", "Tsh": "TZS", "Sh": "Sh", "Shs": "Sh", "NIS": "ILS", "Won": "KRW",
    "Yen": "JPY",
    "LE": "EGP", "SR": "SAR", "QR": "QAR", "KD": "KWD", "BD": "BHD", "JD": "JOD", "OMR": "OMR", "FCFA": "CFA",
    "CFA": "CFA",
    "GBX": "GBP/100", "GBp": "GBP/100", "ZAc": "ZAR/100", "R": "ZAR", "P": "P", "N": "NGN", "Y": "JPY", "W": "KRW",
    "US": "USD",
    "Euro": "EUR", "euro": "EUR", "euros": "EUR", "Euros": "EUR", "dollar": "$", "dollars": "$", "STG": "GBP",
    "Stg": "GBP", "zł": "PLN", "Kč": "CZK", "S/": "PEN", "S/.": "PEN", "B/.": "PAB", "sen": "sen", "Sen": "sen",
    "EURO": "EUR", "EUROS": "EUR", "RS": "Rs", "RS.": "Rs", "TL": "TRY",
}  # fmt: skip

# Only before a number with a scale or a separator.
FORM_PREFIXES = frozenset({"sen", "Sen", "RS", "RS.", "QR", "TL"})
# Of these, the ones that are too short or too common to trust: only glued to a number with a scale, a separator or
# round brackets.
GLUED_PREFIXES = frozenset({"R", "P", "N", "Y", "W", "Sh", "Bt", "Dh", "SR", "KD", "BD", "JD", "LE", "US", "KR"})
# Or only before a number with a scale.
SCALED_PREFIXES = frozenset(
    {
        "Won",
        "Yen",
        "Baht",
        "Euro",
        "euro",
        "euros",
        "Euros",
        "EURO",
        "EUROS",
        "dollar",
        "dollars",
        "rupees",
        "Rupees",
        "CFA",
    }
)

# "Re 1", "Re 0.50": the singular stands before no more than one.
SINGULAR_PREFIXES = frozenset({"Re", "Re."})
# Codes that spell a word or an abbreviation: a number next to them needs a scale or a separator ("ALL 5 of them").
WORD_CODES = frozenset(
    _words(
        "ALL AMD ARM BAD BAM BAN BOB CHE CUP ESA GEL LUC MAD MCF MOP MVP NAD NIC PEI PEN PES SIT SOS STD SUR TOP TPE "
        "TRY"
    )
)
# Codes that are read in lower case as well.
LOWER_CASE_CODES = frozenset(
    _words(
        "usd eur gbp jpy chf aud nzd sek nok dkk cny inr hkd sgd krw mxn brl zar pln czk huf thb idr myr php ils aed"
    )
)
# What markets pay in without an ISO 4217 code, by the symbol that exchanges use (ISO 4217 would be X-something: XBT).
MARKET_CODES = {
    "BTC": "BTC", "XBT": "BTC", "ETH": "ETH", "LTC": "LTC", "XRP": "XRP", "BCH": "BCH", "DOGE": "DOGE", "USDT": "USDT",
    "USDC": "USDC",
}  # fmt: skip
# No amounts of a currency: test codes and metals.
NO_CURRENCY = frozenset({"XXX", "XTS", "XAU", "XAG", "XPT", "XPD"})

# Names behind the number that babel does not give, in lower case.
NAMES = {
    "dollar": "$", "dollars": "$", "buck": "$", "bucks": "$", "pound": "£", "pounds": "£", "quid": "GBP",
    "sterling": "GBP",
    "pound sterling": "GBP", "pounds sterling": "GBP", "pound stg": "GBP", "yen": "JPY", "yuan": "CNY",
    "renminbi": "CNY",
    "chinese renminbi": "CNY", "rmb": "CNY", "kuai": "CNY", "yuan renminbi": "CNY", "rupee": "Rs", "rupees": "Rs",
    "rs": "Rs",
    "rs.": "Rs", "kr": "kr", "kr.": "kr", "krona": "SEK", "kronor": "SEK", "kronur": "ISK", "crowns": "crown",
    "american dollar": "USD", "american dollars": "USD", "u.s. dollar": "USD", "u.s. dollars": "USD", "us$": "USD",
    "aussie dollars": "AUD", "kiwi dollars": "NZD", "taiwan dollar": "TWD", "taiwan dollars": "TWD",
    "deutsche mark": "DEM",
    "deutsche marks": "DEM", "deutschmark": "DEM", "deutschmarks": "DEM", "d-marks": "DEM", "marks": "DEM",
    "rouble": "RUB",
    "roubles": "RUB", "shekel": "ILS", "shekels": "ILS", "zloties": "PLN", "zł": "PLN", "kč": "CZK", "lei": "RON",
    "won": "KRW", "rand": "ZAR", "rands": "ZAR", "reais": "BRL", "cfa": "CFA", "cfa franc": "CFA", "cfa francs": "CFA",
    "united states dollar": "USD", "united states dollars": "USD", "uk pounds": "GBP", "sdr": "XDR", "sdrs": "XDR",
    "bitcoin": "BTC", "bitcoins": "BTC", "ether": "ETH", "litecoin": "LTC", "litecoins": "LTC", "dogecoin": "DOGE",
    "dogecoins": "DOGE", "satoshi": "BTC/100000000", "satoshis": "BTC/100000000",
    "ரூ": "LKR", "රු": "LKR", "रु": "INR",
    # minor units
    "cent": "cent", "cents": "cent", "euro cent": "EUR/100", "euro cents": "EUR/100", "eurocent": "EUR/100",
    "eurocents": "EUR/100",
    "us cent": "USD/100", "us cents": "USD/100", "u.s. cent": "USD/100", "u.s. cents": "USD/100",
    "penny": "GBP/100", "pennies": "GBP/100", "pence": "GBP/100", "new pence": "GBP/100", "gbx": "GBP/100",
    "paise": "INR/100",
    "paisa": "INR/100", "sen": "sen", "öre": "SEK/100", "øre": "øre", "kopeck": "RUB/100", "kopecks": "RUB/100",
    "kopek": "RUB/100", "kopeks": "RUB/100", "kobo": "NGN/100", "fen": "CNY/100", "jiao": "CNY/10", "mao": "CNY/10",
    "pfennig": "DEM/100", "pfennigs": "DEM/100", "centime": "CHF/100", "centimes": "CHF/100", "rappen": "CHF/100",
    "centavo": "MXN/100", "centavos": "MXN/100", "agorot": "ILS/100", "grosz": "PLN/100", "groszy": "PLN/100",
}  # fmt: skip

# Letters glued to the digits: "12p", "50c".
GLUED_NAMES = {"p": "GBP/100", "c": "cent", "kr": "kr", "zł": "PLN", "Ft": "HUF"}
SCREENS = frozenset({"480p", "720p", "1080p", "1440p", "2160p"})

# The hundredth parts among the shared notations.
MINOR = frozenset({"cent", "sen", "øre", "¢"})

# Heads of babel's names that are no currency without the country before them ("5 real", "the 50 mark", "3 gold").
NOT_ALONE = frozenset(
    _words(
        "real mark gold colon colón som sol dram austral sucre inti leone account unit units (uf) rights convertible "
        "soberano ley won pound pounds dollar dollars crown rand lei drawing talonas talonases cupon value soms drams "
        "colons intis leones sucres"
    )
)
# Names that are units of weight too: "of" behind them says which, unless the number has a scale.
WEIGHED = ("pound", "pounds")
# Names that are other English words too: only with a scale, a separator or three digits.
WORDS = frozenset({"won", "marks", "crowns", "lats", "sen"})

# Legal forms that only companies of one country with such a currency have: Aktieselskab, Aksjeselskap, Aktiebolag, …
LEGAL_FORMS = {
    "DKK": re.compile(r"\bA/S\b"),
    "NOK": re.compile(r"\bASA?\b"),
    "SEK": re.compile(r"\bAB\b"),
    "ISK": re.compile(r"\be?hf\b"),
    "EUR": re.compile(r"\b(?:Oyj|GmbH|AG|N\.V\.|NV|S\.p\.A\.|SpA|SCA)(?!\w)"),
}
# Signs that are used far from home: a country in the text says less than the setting. Only Japan and China write "¥".
WORLDWIDE = frozenset({"$", "£"})
# Whose hundredth parts "cents on the euro" are.
WHOLES = {"euro": "EUR", "rand": "ZAR"}
# What the setting falls back to; None: only evidence in the document decides.
DEFAULTS: dict[str, str | None] = {
    "$": "USD", "£": "GBP", "¥": "JPY", "Rs": "INR", "kr": None, "P": None, "Sh": None, "sen": "MYR", "CFA": "XOF",
    "franc": "CHF", "peso": "MXN", "shilling": None, "dinar": None,
    "rial": None, "lira": "TRY", "guilder": "NLG", "escudo": "PTE", "riyal": "SAR", "ruble": "RUB", "dirham": "AED",
    "peseta": "ESP",
    "schilling": "ATS", "rupee": "INR", "drachma": "GRD",
}  # fmt: skip

# Cities where companies and banks of one country sit.
CITIES = {
    "AUD": _words("sydney melbourne brisbane perth adelaide canberra"),
    "CAD": _words("toronto montreal vancouver calgary ottawa edmonton"),
    "NZD": _words("auckland wellington christchurch"),
    "ZAR": _words("johannesburg durban pretoria"),
    "KES": _words("nairobi mombasa"),
    "UGX": ["kampala"],
    "BWP": ["gaborone"],
    "EGP": ["cairo"],
    "PKR": _words("karachi lahore islamabad"),
    "LKR": ["colombo"],
    "INR": _words("mumbai delhi bengaluru bangalore chennai kolkata hyderabad ahmedabad"),
    "PHP": _words("manila makati"),
    "SEK": _words("stockholm gothenburg malmö"),
    "NOK": _words("oslo bergen stavanger"),
    "DKK": _words("copenhagen aarhus"),
    "CZK": _words("prague brno"),
    "ISK": _words("reykjavik reykjavík"),
    "EUR": _words("dublin paris frankfurt munich madrid milan amsterdam helsinki vienna brussels lisbon"),
}
