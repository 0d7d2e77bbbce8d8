"""The component `ticker`: what issue 5 and the annotation guideline quote, notation by notation, and properties."""

import re

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from bellwether import Ticker
from bellwether.normalizers.exchange_data import (
    BLOOMBERG,
    BY_CODE,
    EXCHANGES,
    SUFFIXES,
    canonical_exchange,
    exchange_candidates,
)
from bellwether.normalizers.ticker import TickerNormalizer

NLP = spacy.blank("en")
TICKER = TickerNormalizer()


def read(text):
    doc = TICKER(NLP.make_doc(text))
    return [(ent.text, ent._.value) for ent in doc.ents]


def ticker(markup):
    """A Ticker from what the guideline writes: `NRVN HE`, `DE000GQK7718 kind=isin`; `_` stands for a space."""
    words = [word.replace("_", " ") if "_F" not in word else word for word in markup.split()]
    kind = words.pop().removeprefix("kind=") if words[-1].startswith("kind=") else "ticker"
    return Ticker(symbol=words[0], exchange=words[1] if len(words) > 1 else None, kind=kind)


# text, then for each ticker its span and its value as the guideline writes it
CASES = [
    # issue 5 and the guideline
    ("$AAPL", [("$AAPL", "AAPL")]),
    ("Apple (NASDAQ: AAPL)", [("NASDAQ: AAPL", "AAPL NASDAQ")]),
    ("AAPL.O", [("AAPL.O", "AAPL O")]),
    ("LSE:VOD", [("LSE:VOD", "VOD LSE")]),
    ("sold $NRVN.", [("$NRVN", "NRVN")]),
    ("Norvane (NYSE: NRVN) rose", [("NYSE: NRVN", "NRVN NYSE")]),
    ("Norvane (NRVN.HE) rose", [("NRVN.HE", "NRVN HE")]),
    ("(ISIN DE000GQK7718)", [("DE000GQK7718", "DE000GQK7718 kind=isin")]),
    ("CUSIP No. 41377RAC3", [("41377RAC3", "41377RAC3 kind=cusip")]),
    ("SEDOL 0263494", [("0263494", "0263494 kind=sedol")]),
    ("LEI: 213800KUD8LAJWSQ9D15", [("213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15 kind=lei")]),
    # tickers that are words
    ("$ALL and $IT, not $A or $ON", [("$ALL", "ALL"), ("$IT", "IT"), ("$A", "A"), ("$ON", "ON")]),
    ("Allstate (NYSE: ALL)", [("NYSE: ALL", "ALL NYSE")]),
    # cashtags
    ("$nrvn squeeze", [("$nrvn", "NRVN")]),
    ("$Tsla", [("$Tsla", "TSLA")]),
    ("$BRK.B and $brk.b", [("$BRK.B", "BRK.B"), ("$brk.b", "BRK.B")]),
    ("$BRK/B and $BRK-B", [("$BRK/B", "BRK/B"), ("$BRK-B", "BRK-B")]),
    ("$MS.PA $TNDR.ST $EVTL.WS", [("$MS.PA", "MS.PA"), ("$TNDR.ST", "TNDR ST"), ("$EVTL.WS", "EVTL.WS")]),
    ("$BTC-USD, $ES_F", [("$BTC-USD", "BTC-USD"), ("$ES_F", "ES_F")]),
    ("$HEX2 and $BULL5", [("$HEX2", "HEX2"), ("$BULL5", "BULL5")]),
    ("$AAPL-led gains, $T's loss", [("$AAPL", "AAPL"), ("$T", "T")]),
    ("$MAPL / $SYRP", [("$MAPL", "MAPL"), ("$SYRP", "SYRP")]),
    ("$AAPL: up 5%", [("$AAPL", "AAPL")]),
    ("$ELSE to $41", [("$ELSE", "ELSE")]),
    ("＄NRVN, $\u200bNRVN", [("＄NRVN", "NRVN"), ("$\u200bNRVN", "NRVN")]),
    # exchanges
    ("(Nasdaq: AAPL)", [("Nasdaq: AAPL", "AAPL Nasdaq")]),
    ("(LSE: VOD; NYSE: VOD)", [("LSE: VOD", "VOD LSE"), ("NYSE: VOD", "VOD NYSE")]),
    ("(NASDAQ: GOOG, GOOGL)", [("NASDAQ: GOOG", "GOOG NASDAQ"), ("GOOGL", "GOOGL NASDAQ")]),
    ("TSX:ABC.A", [("TSX:ABC.A", "ABC.A TSX")]),
    ("(TSX-V: YSM)", [("TSX-V: YSM", "YSM TSX-V")]),
    ("(TSX: REI.UN)", [("TSX: REI.UN", "REI.UN TSX")]),
    ("(NSE: M&M)", [("NSE: M&M", "M&M NSE")]),
    ("(TSE: 9587)", [("TSE: 9587", "9587 TSE")]),
    ("(HKEX: 0700.HK)", [("HKEX: 0700.HK", "0700 HKEX")]),
    ("( OMX Helsinki : PKC1V ) said", [("OMX Helsinki : PKC1V", "PKC1V OMX_Helsinki")]),
    ("(Nasdaq Stockholm: VOLV B)", [("Nasdaq Stockholm: VOLV B", "VOLV_B Nasdaq_Stockholm")]),
    ("(New York Stock Exchange: NRVN)", [("New York Stock Exchange: NRVN", "NRVN New_York_Stock_Exchange")]),
    ("(TSX/NYSE: ABC)", [("NYSE: ABC", "ABC NYSE")]),
    ("(London: VOD)", [("London: VOD", "VOD London")]),
    ("LON:OCDO, SIX:NESN", [("LON:OCDO", "OCDO LON"), ("SIX:NESN", "NESN SIX")]),
    ("(NYSE: $FDX)", [("NYSE: $FDX", "FDX NYSE")]),
    ("Nokia Inc NYSE: NOK today", [("NYSE: NOK", "NOK NYSE")]),
    ("AAPL:US, NRVN:FH", [("AAPL:US", "AAPL US"), ("NRVN:FH", "NRVN FH")]),
    # suffixes
    ("700.HK, 7203.T, 005930.KS", [("700.HK", "700 HK"), ("7203.T", "7203 T"), ("005930.KS", "005930 KS")]),
    ("RDSa.AS or VOD.L, say", [("RDSa.AS", "RDSa AS"), ("VOD.L", "VOD L")]),
    ("SHB-A.ST, EKTA B.ST", [("SHB-A.ST", "SHB-A ST"), ("EKTA B.ST", "EKTA_B ST")]),
    ("Ford (F.N) and <GM.N>", [("F.N", "F N"), ("GM.N", "GM N")]),
    ("BRK.B shares", [("BRK.B", "BRK.B")]),
    # words that name a symbol
    ('on Nasdaq under the symbol "BOKS".', [("BOKS", "BOKS")]),
    ("to commence under the code WBL.", [("WBL", "WBL")]),
    ("Castings Limited (scrip code BNJCAST)", [("BNJCAST", "BNJCAST")]),
    ("Stock code: 0700", [("0700", "0700")]),
    ('the symbols "ABC" and "ABCW"', [("ABC", "ABC"), ("ABCW", "ABCW")]),
    ("the ticker: NRVN.HE", [("NRVN.HE", "NRVN HE")]),
    # Bloomberg
    ("AAPL US Equity", [("AAPL US Equity", "AAPL US")]),
    ("(Bloomberg: NRVN FH; Reuters: NRVN.HE)", [("NRVN FH", "NRVN FH"), ("NRVN.HE", "NRVN HE")]),
    # alone in brackets, where the text has it elsewhere in a notation of its own
    ("$CARA - Cara (CARA) presents", [("$CARA", "CARA"), ("CARA", "CARA")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tickers"), CASES)
def test_tickers(text, tickers):
    assert read(text) == [(span, ticker(markup)) for span, markup in tickers]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$",
        "ALL of IT is ON A roll",
        "$5, $5m, US$ and A$75m, C$61.75",
        "$USD, $BN, $A75m, $bn, $US 5m",
        "$C 5 million, (in $M)",
        "A$AP, US$AAPL, $$$",
        "The U.S. and the U.K., e.g. J.P. and S.A. and N.V.",
        "Washington, D.C. on Monday",
        "Mesa Alta S.R.L., Seda S.A. de C.V.",
        "No.A, NO.A, index.html, Node.js, apple.com, README.MD",
        "9.PM, 1.5.T, 10.L",
        "POLL-U.S. housing",
        "SALES ROSE.AT THE SAME TIME",
        "https://example.com/$AAPL, a@NRVN.HE",
        "the European Central Bank (ECB) and (AAPL)",
        "NYSE: stocks fall; Nasdaq: up",
        "NYSE: US stocks fall",
        "NASDAQ: TRADING HALTED IN TOKYO",
        "London: UK inflation rose",
        "Eli: I will",
        "NOTICE: ROSEN, Wed: CPI",
        "LSE: 2031 results",
        "EUR:USD, GBP/USD",
        "the dollar (symbol $, code USD)",
        "the code of conduct, a symbol of A",
        "ISIN DE000GQK7719",
        "the MSCI US Equity Index",
    ],
)
def test_no_ticker(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("$NRVN", "ticker.cashtag"),
        ("NYSE: NRVN", "ticker.exchange"),
        ("NRVN.HE", "ticker.suffix"),
        ("BRK.B", "ticker.share_class"),
        ("NRVN FH Equity", "ticker.bloomberg"),
        ("the ticker NRVN", "ticker.named"),
        ("DE000GQK7718", "ticker.isin"),
        ("41377RAC3", "ticker.cusip"),
        ("B15KXQ8", "ticker.sedol"),
        ("213800KUD8LAJWSQ9D15", "ticker.lei"),
    ],
)
def test_rule(text, rule):
    (ent,) = TICKER(NLP.make_doc(text)).ents
    assert (ent._.source, ent.label_) == (rule, "TICKER")


def test_works_alone_in_a_blank_pipeline():
    nlp = spacy.blank("en")
    nlp.add_pipe("ticker", config={"scorer": None})
    assert [ent._.value for ent in nlp("Norvane (NYSE: NRVN)").ents] == [Ticker(symbol="NRVN", exchange="NYSE")]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("O", "NASDAQ"), ("Nasdaq", "NASDAQ"), ("NasdaqGS", "NASDAQ"), ("LSE", "LSE"), ("L", "LSE"), ("LN", "LSE"),
        ("HE", "Nasdaq Helsinki"), ("FH", "Nasdaq Helsinki"), ("OMX Helsinki", "Nasdaq Helsinki"), ("T", "TSE"),
        ("TSX-V", "TSXV"), ("OSE", "OSE"), ("N", "NYSE"), ("New York", "NYSE"), ("US", "NYSE"), ("?", None), ("", None),
    ],
)  # fmt: skip
def test_canonical_exchange(written, code):
    assert canonical_exchange(written) == code


def test_shared_names_have_candidates():
    assert exchange_candidates("TSE") == ("TSE", "TSX")
    assert exchange_candidates("SS") == ("SSE", "Nasdaq Stockholm")


def test_exchange_data():
    assert len(BY_CODE) == len({exchange.mic for exchange in EXCHANGES}) == len(EXCHANGES)
    assert all(re.fullmatch(r"[A-Z0-9]{4}", exchange.mic) for exchange in EXCHANGES)
    assert all(re.fullmatch(r"[A-Z]{1,3}", suffix) for suffix in SUFFIXES)
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in BLOOMBERG)
    assert all(canonical_exchange(exchange.code) == exchange.code for exchange in EXCHANGES)


SYMBOLS = st.from_regex(r"[B-Z][A-Z]{2,4}", fullmatch=True)
EXCHANGE_NAMES = ["NYSE", "NASDAQ", "Nasdaq", "LSE", "TSX", "TSX-V", "ASX", "HEL", "OSE", "SGX"]
LETTER_SUFFIXES = sorted(set(SUFFIXES) - {"T"})  # Tokyo has numbers
NO_CASHTAGS = {"USD", "CAD", "NZD", "SGD", "TWD", "MXN", "MLN", "TRN", "MIL", "BIL", "MIO", "PER"}


@given(SYMBOLS.filter(lambda symbol: symbol not in NO_CASHTAGS))
def test_written_cashtags_read_back(symbol):
    assert read(f"they sold ${symbol} again") == [(f"${symbol}", Ticker(symbol=symbol))]


@given(SYMBOLS, st.sampled_from(EXCHANGE_NAMES), st.sampled_from([":", ": ", " : "]))
def test_written_exchanges_read_back(symbol, exchange, colon):
    span = f"{exchange}{colon}{symbol}"
    assert read(f"Norvane ({span}) rose") == [(span, Ticker(symbol=symbol, exchange=exchange))]


@given(SYMBOLS, st.sampled_from(LETTER_SUFFIXES))
def test_written_suffixes_read_back(symbol, suffix):
    span = f"{symbol}.{suffix}"
    assert read(f"Norvane ({span}) rose") == [(span, Ticker(symbol=symbol, exchange=suffix))]


PIECES = (
    '$|NRVN|ALL|A|nrvn|: |:|NYSE|TSE|(|)|, | and |.|HE|.L|-|/| US Equity|symbol |"|ticker |ISIN |DE000GQK7718|'
    "037833100|CUSIP |B15KXQ8| |\u200b|\n|7203|Bloomberg: |London|ø|US"
)
MIXTURES = st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join)


@given(MIXTURES | st.text(max_size=40))
def test_any_text(text):
    doc = TICKER(NLP.make_doc(text))
    for ent in doc.ents:
        assert ent._.value.symbol
        assert ent._.value.symbol.isascii()


@pytest.mark.parametrize("text", ["\ud800$", "$NRVN\ud800", "(NYSE: \udfff)", "ISIN \ud800"])
def test_lone_surrogates(text):
    assert len(list(TICKER.find(text))) <= 1


@pytest.mark.parametrize(
    "text", ["1", "A", "$", "$A", ":", "NYSE: A, ", "(NYSE:", "A.L ", ".A", 'symbol "A" and ', "CUSIP ", "(AB) $AB "]
)
def test_long_repetitions(text):
    list(TICKER.find(text * 2000))
