"""Stock exchanges: how news and filings name them, and how Reuters, Yahoo and Bloomberg abbreviate them. Data and
look-ups, without spaCy.

A ticker keeps its exchange as written ("HE", "OMX Helsinki"); `canonical_exchange` says which one that is.

Sources: ISO 10383 (market identifier codes); the exchange suffixes of Reuters Instrument Codes, of Yahoo Finance and of
Bloomberg as their help pages list them; names from the exchanges.
"""

import functools
from typing import NamedTuple


class Exchange(NamedTuple):
    """A stock exchange.

    code (str): its canonical name here: the short one that English news uses.
    mic (str): market identifier code (ISO 10383).
    names (str): how it is written before a colon, separated by "|"; case does not matter. One in brackets is a word of
        its own as well ("(London)"), so that more must say that the exchange is meant.
    suffixes (str): behind a dot, Reuters and Yahoo: "VOD.L".
    bloomberg (str): behind a space or a colon: "VOD LN Equity", "AAPL:US".
    numeric (bool): whether its symbols are numbers, with letters at most in a few: "7203", "0700", "005930".
    """

    code: str
    mic: str
    names: str
    suffixes: str = ""
    bloomberg: str = ""
    numeric: bool = False


# Where two share a name or a suffix, the likelier comes first: Tokyo before Toronto for "TSE".
EXCHANGES: tuple[Exchange, ...] = (
    Exchange("TSE", "XTKS", "TSE|TYO|Tokyo Stock Exchange|XTKS|JPX|(Tokyo)", "T", "JP JT", numeric=True),
    # Americas
    Exchange("NYSE", "XNYS", "NYSE|New York Stock Exchange|XNYS|NYQ|(New York)", "N K", "UN US"),
    Exchange(
        "NASDAQ",
        "XNAS",
        "NASDAQ|NasdaqGS|NasdaqGM|NasdaqCM|Nasdaq Global Select Market|Nasdaq Global Select|Nasdaq Global Market"
        "|Nasdaq Capital Market|Nasdaq Stock Market|XNAS|NMS|NGM|NCM",
        "O OQ",
        "UW UQ UR",
    ),
    Exchange("NYSE American", "XASE", "NYSE American|NYSEAMERICAN|NYSE MKT|NYSEMKT|NYSE Amex|NYSEAMEX|AMEX", "", "UA"),
    Exchange("NYSE Arca", "ARCX", "NYSE Arca|NYSEArca|(ARCA)|ARCX", "", "UP"),
    Exchange("Cboe BZX", "BATS", "Cboe|Cboe BZX|CboeBZX|(BATS)", "", "UF"),
    Exchange(
        "OTC",
        "OTCM",
        "OTC Markets|OTCMKTS|OTCQB|OTCQX|OTCPK|OTCPINK|OTC Pink|OTC PK|OTC BB|OTCBB|OTCID|Pink Sheets|OTC QB|OTC QX"
        "|(OTC)|(Pink)",
        "PK OB",
        "UV",
    ),
    Exchange("TSX", "XTSE", "TSX|Toronto Stock Exchange|TSE|XTSE|(Toronto)", "TO", "CT CN"),
    Exchange("TSXV", "XTSX", "TSXV|TSX-V|TSX.V|TSX V|TSX Venture|TSX Venture Exchange|CVE|XTSX", "V", "CV"),
    Exchange("CSE", "XCNQ", "CSE|CNSX|Canadian Securities Exchange", "CD", "CF"),
    Exchange("Cboe Canada", "NEOE", "NEO Exchange|Cboe Canada|NEOE|(NEO)", "NE", "QH"),
    Exchange("B3", "BVMF", "B3|BVMF|BM&FBovespa|Bovespa", "SA", "BZ BS"),
    Exchange("BMV", "XMEX", "BMV|XMEX|Mexican Stock Exchange|Bolsa Mexicana de Valores", "MX", "MM"),
    Exchange("BYMA", "XBUE", "BCBA|BYMA|XBUE", "BA", "AR"),
    Exchange("Santiago", "XSGO", "SNSE|XSGO|Santiago Stock Exchange", "SN", "CI"),
    Exchange("BVC", "XBOG", "BVC|XBOG", "CN", "CB"),
    Exchange("BVL", "XLIM", "BVL|XLIM", "LM", "PE"),
    # Europe
    Exchange("LSE", "XLON", "LSE|London Stock Exchange|XLON|(AIM)|LSE AIM|LON|(London)", "L IL", "LN LI"),
    Exchange("Aquis", "NEXX", "Aquis|AQSE", "AQ"),
    Exchange("Euronext Paris", "XPAR", "Euronext Paris|EPA|PAR|XPAR|ENXTPA|(Paris)|(Euronext)", "PA", "FP"),
    Exchange("Euronext Amsterdam", "XAMS", "Euronext Amsterdam|AMS|XAMS|ENXTAM|(Amsterdam)|(Euronext)", "AS", "NA"),
    Exchange("Euronext Brussels", "XBRU", "Euronext Brussels|EBR|XBRU|ENXTBR|(Brussels)|(Euronext)", "BR", "BB"),
    Exchange("Euronext Lisbon", "XLIS", "Euronext Lisbon|ELI|XLIS|ENXTLS|(Lisbon)|(Euronext)", "LS", "PL"),
    Exchange("Euronext Dublin", "XDUB", "Euronext Dublin|(ISE)|XDUB|Irish Stock Exchange|(Dublin)", "IR", "ID"),
    Exchange("Euronext Milan", "XMIL", "Euronext Milan|Borsa Italiana|(BIT)|XMIL|MTA|(Milan)", "MI", "IM"),
    Exchange("OSE", "XOSL", "Euronext Oslo|Oslo Børs|Oslo Bors|OSE|OSL|XOSL|(Oslo)|(OB)", "OL", "NO"),
    Exchange("Euronext Growth Oslo", "MERK", "Euronext Growth Oslo|Euronext Growth|Merkur Market|MERK"),
    Exchange("XETRA", "XETR", "XETRA|ETR|XTRA|XETR", "DE", "GY"),
    Exchange("Frankfurt", "XFRA", "Frankfurt Stock Exchange|FRA|FWB|FSE|XFRA|(Frankfurt)", "F", "GR GF"),
    Exchange("Stuttgart", "XSTU", "Börse Stuttgart|XSTU", "SG", "GS"),
    Exchange("Munich", "XMUN", "Börse München|XMUN", "MU", "GM"),
    Exchange("SIX", "XSWX", "SIX Swiss Exchange|SIX Swiss|SWX|VTX|XSWX|(SIX)|(Zurich)", "S SW VX", "SW SE VX"),
    Exchange("Vienna", "XWBO", "Vienna Stock Exchange|Wiener Börse|VIE|XWBO|WBAG|(Vienna)", "VI", "AV"),
    Exchange("BME", "XMAD", "BME|MCE|BMAD|XMAD|Bolsa de Madrid|(Madrid)", "MC", "SM SQ"),
    Exchange(
        "Nasdaq Stockholm",
        "XSTO",
        "Nasdaq Stockholm|Nasdaq OMX Stockholm|OMX Stockholm|Stockholm Stock Exchange|STO|XSTO|(OM)|OMX|NASDAQ OMX"
        "|(Stockholm)",
        "ST",
        "SS",
    ),
    Exchange("Nasdaq First North", "FNSE", "Nasdaq First North|Nasdaq First North Growth Market|First North"),
    Exchange(
        "Nasdaq Helsinki",
        "XHEL",
        "Nasdaq Helsinki|Nasdaq OMX Helsinki|OMX Helsinki|HEL|XHEL|OMX|NASDAQ OMX|(Helsinki)",
        "HE",
        "FH",
    ),
    Exchange(
        "Nasdaq Copenhagen", "XCSE", "Nasdaq Copenhagen|Nasdaq OMX Copenhagen|OMX Copenhagen|CPH|XCSE|CSE|(Copenhagen)",
        "CO", "DC",
    ),
    Exchange("Nasdaq Iceland", "XICE", "Nasdaq Iceland|OMX Iceland|ICSE|XICE|(Reykjavik)", "IC", "IR"),
    Exchange("Nasdaq Tallinn", "XTAL", "Nasdaq Tallinn|OMX Tallinn|TAL|XTAL|(Tallinn)", "TL", "ET"),
    Exchange("Nasdaq Riga", "XRIS", "Nasdaq Riga|OMX Riga|XRIS|(Riga)", "RG", "LR"),
    Exchange("Nasdaq Vilnius", "XLIT", "Nasdaq Vilnius|OMX Vilnius|XLIT|(Vilnius)", "VS", "LH"),
    Exchange("WSE", "XWAR", "WSE|GPW|XWAR|Warsaw Stock Exchange|NewConnect|(Warsaw)", "WA", "PW"),
    Exchange("Prague", "XPRA", "Prague Stock Exchange|XPRA|(Prague)", "PR", "CP CK"),
    Exchange("Budapest", "XBUD", "Budapest Stock Exchange|XBUD|BUD|(Budapest)", "BU BD", "HB"),
    Exchange("BVB", "XBSE", "BVB|XBSE|Bucharest Stock Exchange|(Bucharest)", "BX RO", "RO"),
    Exchange("ATHEX", "ASEX", "ATHEX|ATH|ASEX|ATSE|Athens Stock Exchange|(Athens)", "AT", "GA"),
    Exchange("BIST", "XIST", "BIST|(IST)|IBSE|XIST|Borsa Istanbul|(Istanbul)", "IS", "TI"),
    Exchange("MOEX", "MISX", "MOEX|MCX|MICEX|RTS|MISX|Moscow Exchange|(Moscow)", "MM ME", "RM RX"),
    # Asia and the Pacific
    Exchange("Osaka", "XOSE", "Osaka Exchange|OSE|XOSE", "OS", "JO", numeric=True),
    Exchange("Nagoya", "XNGO", "Nagoya Stock Exchange|XNGO", "NG", "JN", numeric=True),
    Exchange(
        "HKEX", "XHKG", "HKEX|HKSE|SEHK|HKG|XHKG|Hong Kong Stock Exchange|Stock Exchange of Hong Kong|HK|(Hong Kong)",
        "HK", "HK", numeric=True,
    ),
    Exchange("SSE", "XSHG", "SSE|SHSE|(SHA)|XSHG|Shanghai Stock Exchange|(Shanghai)", "SS", "CH CG", numeric=True),
    Exchange("SZSE", "XSHE", "SZSE|(SHE)|XSHE|Shenzhen Stock Exchange|(Shenzhen)", "SZ", "CS", numeric=True),
    Exchange("TWSE", "XTAI", "TWSE|TPE|XTAI|Taiwan Stock Exchange|(Taipei)", "TW", "TT", numeric=True),
    Exchange("TPEx", "ROCO", "TPEx|GTSM|ROCO", "TWO", numeric=True),
    Exchange("KRX", "XKRX", "KRX|KOSE|KOSPI|XKRX|Korea Exchange|(Seoul)", "KS", "KS KP", numeric=True),
    Exchange("KOSDAQ", "XKOS", "KOSDAQ|XKOS", "KQ", "KQ", numeric=True),
    Exchange("SGX", "XSES", "SGX|SES|XSES|Singapore Exchange|SGX-ST|(Singapore)", "SI", "SP"),
    Exchange("Bursa Malaysia", "XKLS", "Bursa Malaysia|KLSE|XKLS|Bursa|(Kuala Lumpur)", "KL", "MK", numeric=True),
    Exchange("SET", "XBKK", "Stock Exchange of Thailand|BKK|XBKK|(SET)|(Bangkok)", "BK", "TB"),
    Exchange("IDX", "XIDX", "IDX|JKT|JKSE|XIDX|Indonesia Stock Exchange|(Jakarta)", "JK", "IJ"),
    Exchange("PSE", "XPHS", "PSE|XPHS|Philippine Stock Exchange|(Manila)", "PS", "PM"),
    Exchange("HOSE", "XSTC", "HOSE|HSX|XSTC|(Ho Chi Minh)", "HM VN", "VN VM"),
    Exchange("HNX", "HSTC", "HNX|HSTC|(Hanoi)", "HN"),
    Exchange("NSE", "XNSE", "NSE|NSEI|XNSE|National Stock Exchange of India|National Stock Exchange", "NS", "IS IN"),
    Exchange("BSE", "XBOM", "BSE|BOM|XBOM|Bombay Stock Exchange|(Mumbai)", "BO", "IB IN", numeric=True),
    Exchange("PSX", "XKAR", "PSX|KASE|XKAR|Pakistan Stock Exchange|(Karachi)", "KA", "PA"),
    Exchange("Colombo", "XCOL", "COSE|XCOL|Colombo Stock Exchange|(Colombo)", "CM", "SL"),
    Exchange("DSE", "XDHA", "DSE|XDHA|Dhaka Stock Exchange|(Dhaka)", "DH", "BD"),
    Exchange("ASX", "XASX", "ASX|XASX|Australian Securities Exchange|(Sydney)", "AX", "AU AT"),
    Exchange("NZX", "XNZE", "NZX|NZE|NZSE|NZX Main Board|XNZE", "NZ", "NZ"),
    # Middle East and Africa
    Exchange("TASE", "XTAE", "TASE|TLV|XTAE|Tel Aviv Stock Exchange|(Tel Aviv)", "TA", "IT"),
    Exchange("Tadawul", "XSAU", "Tadawul|SASE|XSAU|Saudi Exchange|(Riyadh)", "SE SR", "AB", numeric=True),
    Exchange("DFM", "XDFM", "DFM|XDFM|Dubai Financial Market|(Dubai)", "DU AE", "UH DU"),
    Exchange("ADX", "XADS", "ADX|XADS|Abu Dhabi Securities Exchange|(Abu Dhabi)", "AD", "DH"),
    Exchange("QSE", "DSMD", "QSE|DSMD|Qatar Stock Exchange|(Doha)", "QA", "QD"),
    Exchange("Boursa Kuwait", "XKUW", "Boursa Kuwait|KWSE|KSE|XKUW", "KW", "KK"),
    Exchange("Bahrain Bourse", "XBAH", "Bahrain Bourse|BHB|XBAH", "BH", "BI"),
    Exchange("MSX", "XMUS", "MSX|MSM|XMUS", "OM", "OM"),
    Exchange("EGX", "XCAI", "EGX|XCAI|Egyptian Exchange|(Cairo)", "CA", "EY EC"),
    Exchange("JSE", "XJSE", "JSE|XJSE|Johannesburg Stock Exchange|(Johannesburg)", "J JO", "SJ"),
    Exchange("A2X", "A2XX", "A2X"),
    Exchange("NSX", "XNAM", "NSX|XNAM|Namibian Stock Exchange", "NM", "NW"),
    Exchange("NGX", "XNSA", "NGX|NGSE|XNSA|Nigerian Exchange|Nigerian Stock Exchange", "LG", "NL"),
    Exchange("Nairobi", "XNAI", "NASE|NSE|XNAI|Nairobi Securities Exchange|(Nairobi)", "NR", "KN"),
    Exchange("GSE", "XGHA", "GSE|XGHA|Ghana Stock Exchange|(Accra)", "GH", "GN"),
    Exchange("BRVM", "XBRV", "BRVM|XBRV", "CI", "BC"),
    Exchange("Casablanca", "XCAS", "CBSE|XCAS|Casablanca Stock Exchange|(Casablanca)", "CS", "MC"),
)  # fmt: skip

BY_CODE: dict[str, Exchange] = {exchange.code: exchange for exchange in EXCHANGES}

WORD_SUFFIXES = frozenset({"AD", "AS", "AT", "CO", "IS", "ME", "NE", "TO", "TWO"})
"""Suffixes that are words, which stand behind a dot where a space was left out: "SALES ROSE.AT THE"."""


def fold_name(name: str) -> str:
    """RETURNS (str): a name of an exchange without its case and brackets."""
    return name.strip("()").casefold()


def _index(rows: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for key, code in rows:
        if code not in table.get(key, ()):
            table[key] = (*table.get(key, ()), code)
    return table


NAMES = _index(
    [(fold_name(name), exchange.code) for exchange in EXCHANGES for name in (*exchange.names.split("|"), exchange.code)]
)
"""A folded name: codes of the exchanges that it may mean, likeliest first."""

WORD_NAMES = frozenset(
    fold_name(name) for exchange in EXCHANGES for name in exchange.names.split("|") if name.startswith("(")
)
"""Folded names that are words of their own too: a city, "AIM", "SET"."""

SUFFIXES = _index([(suffix, exchange.code) for exchange in EXCHANGES for suffix in exchange.suffixes.split()])
"""A Reuters or Yahoo suffix: codes of the exchanges."""

BLOOMBERG = _index([(code, exchange.code) for exchange in EXCHANGES for code in exchange.bloomberg.split()])
"""Bloomberg's code of an exchange or country: codes of the exchanges."""


def exchange_candidates(written: str) -> tuple[str, ...]:
    """The exchanges that a name, a Reuters or Yahoo suffix or a Bloomberg code may mean.

    written (str): as a `Ticker` has it: "Nasdaq", "TSE", "HE", "LN".
    RETURNS (tuple[str, ...]): keys of `BY_CODE`, likeliest first: names, then suffixes, then Bloomberg's codes.
    """
    tables = NAMES.get(fold_name(written), ()), SUFFIXES.get(written, ()), BLOOMBERG.get(written, ())
    return tuple(dict.fromkeys(code for table in tables for code in table))


@functools.lru_cache(maxsize=1024)
def canonical_exchange(written: str) -> str | None:
    """The likeliest exchange of a name, a suffix or a Bloomberg code: "O" gives "NASDAQ", "L" gives "LSE".

    written (str): as a `Ticker` has it.
    RETURNS (str | None): a key of `BY_CODE`; None where it is unknown.
    """
    return next(iter(exchange_candidates(written)), None)


def has_numeric_symbols(codes: tuple[str, ...]) -> bool:
    """RETURNS (bool): whether the symbols of one of these exchanges are numbers."""
    return any(BY_CODE[code].numeric for code in codes)
