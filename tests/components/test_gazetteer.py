"""The gazetteer: what a name, a ticker or an identifier finds; CSV files, good and bad; size."""

import pickle
import random
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.util import registry

from bellwether.normalizers.exchange_data import exchange_candidates
from bellwether.normalizers.gazetteer import Gazetteer
from bellwether.normalizers.gazetteer_csv import Entry, GazetteerError, parse_csv, read_csv
from tests.conftest import ROOT

SHIPPED = ROOT / "assets" / "gazetteers" / "companies.csv"


def named(*names):
    """A gazetteer of companies whose ids are their names; "A|B" gives the alias B to A."""
    return Gazetteer([Entry(name.split("|")[0], name.split("|")[0], tuple(name.split("|")[1:])) for name in names])


def found(gazetteer, text, threshold=0.9):
    return [(match.entry.id, match.rule) for match in gazetteer.lookup(text, threshold=threshold)]


@pytest.fixture(scope="module")
def shipped():
    return Gazetteer.from_csv(SHIPPED)


# the full name, what the text says, how it fits
MATCHES = [
    ("Norvane Oyj", "Norvane Oyj", "exact"),
    ("Norvane Oyj", "Norvane  \n Oyj", "exact"),
    ("Moody's Corporation", "Moody’s Corporation", "exact"),
    ("Nestlé S.A.", "NESTLE SA", "folded"),
    ("Ørsted A/S", "Orsted A/S", "folded"),
    ("Łódź Bank", "Lodz Bank", "folded"),
    ("The Coca-Cola Company", "Coca Cola Company", "folded"),
    ("Gap, Inc. (The)", "The Gap, Inc.", "folded"),
    ("Procter & Gamble", "Procter and Gamble", "folded"),
    ("J.P. Morgan", "JPMorgan", "folded"),
    ("Norvane", "Ｎｏｒｖａｎｅ", "exact"),
    ("Norvane", "Nor\u200bvane", "exact"),
    ("Norvane Oyj", "Norvane", "stripped"),
    ("Norvane Oyj", "Norvane's", "stripped"),
    ("Norvane", "Norvane plc", "stripped"),
    ("Norvane Corporation", "Norvane Corp.", "stripped"),
    ("Norvane S.p.A.", "NORVANE SPA", "folded"),
    ("Novo Nordisk A/S", "NOVO NORDISK A S", "folded"),
    ("Novo Nordisk", "NOVO NORDISK A S", "stripped"),
    ("BNP Paribas SA", "BNP Paribas SA's", "exact"),
    ("Macy's, Inc.", "Macy's", "stripped"),
    ("AB Volvo", "Volvo AB (publ)", "stripped"),
    ("Volvo AB", "Volvo", "stripped"),
    ("Cemex, S.A.B. de C.V.", "Cemex", "stripped"),
    ("Merck KGaA", "Merck", "stripped"),
    ("Tiffany & Co.", "Tiffany", "stripped"),
    ("Eli Lilly and Company", "Eli Lilly", "stripped"),
    ("PT Telkom Indonesia (Persero) Tbk", "Telkom Indonesia", "stripped"),
    ("Norvane Company Limited", "Norvane Co., Ltd.", "stripped"),
    ("Norvane Public Company Limited", "Norvane PCL", "stripped"),
    ("Norvane Holdings plc", "Norvane", "loose"),
    ("Norvane Oyj", "Norvane Group", "loose"),
    ("Nokia Oyj", "Nokia Corporation", "translated"),
    ("Boeing Company", "Boeing Inc.", "translated"),
    ("Moody's Corporation", "Moody's", "stripped"),
    ("Norvane Oyj", "Norvanne", "fuzzy"),
    ("Microsoft Corporation", "Microsfot", "fuzzy"),
    ("Bank of America Corporation", "Bank of Amercia", "fuzzy"),
    ("Halvorsen Shipping ASA", "Halvorsn Shipping", "fuzzy"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "rule"), MATCHES)
def test_match(name, text, rule):
    assert found(named(name), text) == [(name, rule)]


# pairs that are not one company
DIFFERENT = [
    ("Norvane Oyj", ""),
    ("Norvane Oyj", "!!!"),
    ("Norvane Oyj", "Oyj"),
    ("Norvane Oyj", "Norvane Technologies"),
    ("Norvane Oyj", "Norvane Group Ltd"),
    ("Norvane Oyj", "Norvane GmbH"),
    ("Rio Tinto plc", "Rio Tinto Limited"),
    ("Delta Air Lines, Inc.", "Delta Electronics"),
    ("State Bank of India", "State Bank of Indiana"),
    ("Bank of Korea", "Bank of Kenya"),
    ("Fund 12 plc", "Fund 13 plc"),
    ("Evolution AB", "Revolution"),
    ("Martin plc", "Marlin"),
    ("National Holdings", "National"),
    # never misspelt: up to four letters, words of the language, other forms of a word
    ("Nike", "Nikee"),
    ("UBSX", "UBS"),
    ("Gap", "Gaps"),
    ("Target Corporation", "Targets"),
    ("Apple Inc.", "Appple"),
    ("Blocker plc", "Block"),
    ("Amcor plc", "Amcore"),
    ("Norvane Oyj", "Norvanes"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), DIFFERENT)
def test_no_match(name, text):
    assert found(named(name), text) == []


def test_better_matches_come_first_and_threshold_cuts():
    gazetteer = named("Norvane GmbH", "Norvane Group Oyj", "Norvane Oyj", "Hagen Norvane|Norvane", "NORVANE")
    assert found(gazetteer, "Norvane") == [
        ("Hagen Norvane", "exact"),
        ("NORVANE", "folded"),
        ("Norvane GmbH", "stripped"),
        ("Norvane Oyj", "stripped"),
        ("Norvane Group Oyj", "loose"),
    ]
    assert [id_ for id_, _ in found(gazetteer, "Norvane", threshold=0.98)][-1] == "Norvane Oyj"
    assert ("Norvane GmbH", "other_form") in found(gazetteer, "Norvane Oyj", threshold=0.8)


def test_scores():
    gazetteer = named("Norvane Industrial Oyj")
    assert gazetteer.lookup("Norvane Industrial Oyj")[0].score == 1
    assert gazetteer.lookup("Norvanne Industrial")[0].score == Decimal("0.94")
    assert gazetteer.lookup("Norvanne Industrial", threshold=0.99) == ()


LISTED = Gazetteer(
    [
        Entry("A", "Apple Inc.", (), "AAPL", "NASDAQ", isin="US0378331005", lei="HWUPKR0MPOU8FGXBT394"),
        Entry("V", "Vodafone Group plc", (), "VOD", "LSE", ("NASDAQ:VOD",), isin="GB00BH4HKS39"),
        Entry("Z", "Vodacom Group Limited", (), "VOD", "JSE"),
        Entry("B", "Berkshire Hathaway Inc.", (), "BRK.B", "NYSE"),
        Entry("T", "Tencent", (), "700", "HKEX"),
        Entry("N", "Norvane", (), "NRV"),
    ]
)


@pytest.mark.parametrize(
    ("symbol", "exchange", "ids"),
    [
        ("AAPL", None, ["A"]),
        ("aapl", "NASDAQ", ["A"]),
        ("AAPL", "O", ["A"]),
        ("AAPL", "US", ["A"]),
        ("AAPL", "NYSE", ["A"]),
        ("AAPL", "LSE", []),
        ("AAPL", "nowhere", []),
        ("VOD", None, ["V", "Z"]),
        ("VOD", "L", ["V"]),
        ("VOD", "Nasdaq", ["V"]),
        ("VOD", "J", ["Z"]),
        ("BRK/B", "NYSE", ["B"]),
        ("0700", "HK", ["T"]),
        ("NRV", "HE", ["N"]),
        ("XYZ", None, []),
        ("", None, []),
        ("$", "$", []),
    ],
)
def test_ticker(symbol, exchange, ids):
    assert [entry.id for entry in LISTED.find_ticker(symbol, exchange)] == ids


@pytest.mark.parametrize(
    ("kind", "code", "ids"),
    [
        ("isin", "US0378331005", ["A"]),
        ("lei", "hwupkr0mpou8fgxbt394", ["A"]),
        ("cusip", "037833100", ["A"]),
        ("sedol", "BH4HKS3", ["V"]),
        ("isin", "037833100", []),
        ("cusip", "000000000", []),
    ],
)
def test_identifier(kind, code, ids):
    assert [entry.id for entry in LISTED.find_identifier(kind, code)] == ids


# --- CSV ---

GOOD = "id,name,aliases,ticker,exchange,isin,lei,cik,country,fiscal_year_end\n"


@pytest.mark.parametrize(
    "data",
    [
        b"id,name,aliases,fiscal_year_end\nn,Norvane Oyj,NRV|Norv,6\n",
        b"\xef\xbb\xbfid,name,aliases,fiscal_year_end\r\nn,Norvane Oyj,NRV|Norv,06\r\n\r\n",
        b"ID; Name ;note;aliases;fiscal_year_end\nn; Norvane  Oyj ;mine;NRV | Norv;6\n;;;;\n",
        b"fiscal_year_end\tname\taliases\tid\n6\tNorvane Oyj\tNRV|Norv\tn",
        b'id,name,aliases,fiscal_year_end\nn,"Norvane\nOyj",NRV|Norv,6\n',
    ],
)
def test_notations_of_a_file(data):
    assert parse_csv(data, source="mine.csv") == [Entry("n", "Norvane Oyj", ("NRV", "Norv"), fiscal_year_end=6)]


def problems(text):
    with pytest.raises(GazetteerError) as error:
        parse_csv(text if isinstance(text, bytes) else text.encode(), source="mine.csv")
    assert str(error.value).startswith(f"mine.csv: {len(error.value.problems)} problem")
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["line 1: column 'id': missing", "line 1: column 'name': missing"]),
        ("name,ticker\nNorvane,N\n", ["line 1: column 'id': missing"]),
        ("id,name,alias\n1,Norvane,N\n", ["line 1: column 'alias': unknown; is it 'aliases'?"]),
        ("id,name,name\n", ["line 1: column 'name': twice in the header"]),
        (GOOD + "a,,,,,,,,,\n", ["line 2: column 'name': empty"]),
        (GOOD + ",Norvane,,,,,,,,\n", ["line 2: column 'id': empty"]),
        (GOOD + "a b,Norvane,,,,,,,,\n", ["line 2: column 'id': 'a b' contains a space"]),
        (GOOD + "a,N1,,,,,,,,\n\na,N2,,,,,,,,\n", ["line 4: column 'id': 'a' is the id of line 2 too"]),
        (GOOD + "a,Norvane,x||y,,,,,,,\n", ["line 2: column 'aliases': an empty alias"]),
        (GOOD + "a,Norvane, Inc.,,,,,,,,\n", ["line 2: 11 cells, but the header has 10: quote a cell"]),
        (GOOD + "a,Norvane,,,,US0378331006,,,,\n", ["line 2: column 'isin': 'US0378331006' is no ISIN"]),
        (GOOD + "a,Norvane,,,,,HWUPKR0MPOU8FGXBT395,,,\n", ["line 2: column 'lei': 'HWUPKR0MPOU8FGXBT395' is no LEI"]),
        (GOOD + "a,Norvane,,,,,,12x,,\n", ["line 2: column 'cik': '12x' is no CIK"]),
        (GOOD + "a,Norvane,,,,,,,Finland,\n", ["line 2: column 'country': 'FINLAND' is no ISO 3166 code"]),
        (GOOD + "a,Norvane,,,,,,,,13\n", ["line 2: column 'fiscal_year_end': '13' is no month: write 1 to 12"]),
        (GOOD + "a,Norvane,,,,,,,,June\n", ["line 2: column 'fiscal_year_end': 'June' is no month"]),
        ("id,name,listings\na,Norvane,NYSE\n", ["line 2: column 'listings': 'NYSE' is no EXCHANGE:SYMBOL"]),
        ('id,name\na,"Norvane\n', ["line 2: not valid CSV"]),
        (b"id,name\na,Norvane\nb,Nestl\xe9\n", ["line 3: byte 0xe9 is not UTF-8: save the file as UTF-8"]),
        ("id,name\na,Norvane\n".encode("utf-16"), ["line 1: byte 0xff is not UTF-8"]),
        ("id,name\na,Nor\0vane\n", ["line 2: a zero byte"]),
    ],
)  # fmt: skip
def test_bad_file(text, expected):
    for problem, start in zip(problems(text), expected, strict=True):
        assert problem.startswith(start)


def test_all_problems_at_once_and_the_first_twenty_in_the_message():
    with pytest.raises(GazetteerError) as error:
        parse_csv((GOOD + "".join(f"{i},,,,,,,,,0\n" for i in range(15))).encode(), source="mine.csv")
    assert len(error.value.problems) == 30
    assert len(str(error.value).splitlines()) == 22
    assert str(error.value).endswith("… and 10 more")
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.csv: no such gazetteer"):
        read_csv(tmp_path / "none.csv")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(1, 12)), max_size=6))
def test_a_gazetteer_reads_back(rows):
    entries = [
        Entry(
            f"id{index}", f"N {name.replace('|', '')}".strip(), (f"A{alias.replace('|', '')}",), fiscal_year_end=month
        )
        for index, (name, alias, month) in enumerate(rows)
    ]
    once = Gazetteer.from_bytes(Gazetteer(entries).to_bytes())
    twice = Gazetteer.from_bytes(once.to_bytes())
    assert [entry.id for entry in once] == [entry.id for entry in entries]
    assert once.entries == twice.entries == pickle.loads(pickle.dumps(once)).entries


@given(st.text(max_size=40), st.floats(0, 1))
def test_any_text(text, threshold):
    gazetteer = named("Norvane Oyj", "Bank of America Corporation|BofA", "3M Company")
    for match in gazetteer.lookup(text, threshold=threshold):
        assert match.score >= threshold


@pytest.mark.parametrize("text", ["a", "A. ", "co ", "&", "'s", "1", "(", "the ", "A/S", "é"])
def test_long_repetitions(text):
    assert found(named("Norvane Oyj"), text * 200_000) == []
    found(named("Norvane Oyj"), text * 60)


# --- size ---


def generated(count):
    """A gazetteer of made-up names."""
    choose = random.Random(0)
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvw" for vowel in "aeiou"]

    def word():
        return "".join(choose.choices(syllables, k=choose.randint(2, 4))).title() + choose.choice("nrxs")

    kinds = ("Foods", "Systems", "Bank", "Energy")
    forms = ("Oyj", "Inc.", "plc", "AG", "S.A.", "Co., Ltd.")
    names = [f"{word()} {word()} {choose.choice(kinds)} {choose.choice(forms)}" for _ in range(count)]
    return Gazetteer([Entry(f"X:{row}", name, (), f"T{row}", "NYSE") for row, name in enumerate(names)])


def test_thirty_thousand_companies():
    gazetteer = generated(30_000)
    copy = Gazetteer.from_bytes(gazetteer.to_bytes())
    assert copy.entries == gazetteer.entries
    for entry in gazetteer.entries[::1000]:
        assert copy.lookup(entry.name)[0].entry.name == entry.name
        long = max(entry.name.split(), key=len)
        if len(long) > 6:
            misspelt = entry.name.replace(long, long[:3] + long[4:])
            assert copy.lookup(misspelt)[0].entry.name == entry.name
        assert copy.find_ticker(str(entry.ticker)) == [entry]
    # Generous: it takes 40 µs for a name.
    unknown = [f"{entry.name[::-1]}" for entry in gazetteer.entries[::100]]
    start = time.process_time()
    assert not any(map(copy.lookup, unknown))
    assert (time.process_time() - start) / len(unknown) < 0.002


# --- the gazetteer of this project ---


def test_shipped_gazetteer_is_large_and_its_names_mean_one_company_each(shipped):
    assert len(shipped) > 500
    assert len({entry.country for entry in shipped}) > 25
    assert set(shipped.shared_names()) == {"IAG", "MOL", "Merck", "Prudential", "RBI"}
    for entry in shipped:
        assert shipped.lookup(entry.name)[0].entry is entry
        assert shipped.find_ticker(entry.ticker, entry.exchange) == [entry], entry.id
        assert entry.id == f"{entry.exchange}:{entry.ticker}"
        assert exchange_candidates(entry.exchange), entry.exchange


@given(st.data())
def test_notation_does_not_matter(shipped, data):
    entry = data.draw(st.sampled_from(shipped.entries))
    text = entry.name
    if data.draw(st.booleans()):
        text = data.draw(st.sampled_from([text.upper(), text.lower(), text.swapcase()]))
    text = text.replace("&", data.draw(st.sampled_from(["&", "and", " & "])))
    text = text.replace(",", data.draw(st.sampled_from([",", "", " , "])))
    text = text.replace("-", data.draw(st.sampled_from(["-", " ", "\u2011"])))
    article = "" if text.lower().startswith("the ") else "The "
    text = data.draw(st.sampled_from([text, article + text, f"{text}'s", f" {text}\n"]))
    best = shipped.lookup(text)
    assert best
    assert best[0].entry.id == entry.id


# what the press calls them
SPOKEN = {
    "Google": "NASDAQ:GOOGL", "Facebook": "NASDAQ:META", "J&J": "NYSE:JNJ", "Coca-Cola": "NYSE:KO",
    "McDonald's": "NYSE:MCD",
    "AT&T": "NYSE:T", "JPMorgan Chase": "NYSE:JPM", "Goldman": "NYSE:GS", "Exxon": "NYSE:XOM", "ExxonMobil": "NYSE:XOM",
    "Ford": "NYSE:F", "Delta": "NYSE:DAL", "Shell": "LSE:SHEL", "Rolls-Royce": "LSE:RR", "BMW": "XETRA:BMW",
    "Munich Re": "XETRA:MUV2", "Nestle": "SIX:NESN", "L'Oreal": "EPA:OR", "LVMH": "EPA:MC", "Nokia": "HEL:NOKIA",
    "Maersk": "CPH:MAERSK.B", "H&M": "STO:HM.B", "Toyota": "TYO:7203", "TSMC": "TWSE:2330", "Samsung": "KRX:005930",
    "Infosys": "NSE:INFY", "Petrobras": "B3:PETR4", "BHP": "ASX:BHP", "Alibaba": "HKEX:9988", "Berkshire": "NYSE:BRK.B",
    "Target": "NYSE:TGT", "Apple": "NASDAQ:AAPL", "Visa": "NYSE:V", "Meta": "NASDAQ:META", "Block": "NYSE:XYZ",
}  # fmt: skip


@pytest.mark.parametrize(("text", "id_"), SPOKEN.items())
def test_spoken_names(shipped, text, id_):
    assert shipped.lookup(text)[0].entry.id == id_


@pytest.mark.parametrize(
    ("id_", "month"),
    [("NASDAQ:AAPL", 9), ("NASDAQ:MSFT", 6), ("NYSE:NKE", 5), ("NYSE:WMT", 1), ("NYSE:ORCL", 5), ("NASDAQ:NVDA", 1),
     ("TYO:7203", 3), ("NSE:TCS", 3), ("ASX:BHP", 6), ("XETRA:SIE", 9), ("LSE:DGE", 6), ("NYSE:JPM", 12)],
)  # fmt: skip
def test_fiscal_years(shipped, id_, month):
    assert shipped[id_].fiscal_year_end == month


def test_reader_of_the_config(shipped):
    assert registry.readers.get("bellwether.Gazetteer.v1")(str(SHIPPED)).entries == shipped.entries


def test_step(run_step, tmp_path):
    done = run_step("check-gazetteer", str(SHIPPED))
    assert (done.status, "'Merck' names NYSE:MRK, XETRA:MRK" in done.out) == (0, True)
    bad = tmp_path / "bad.csv"
    bad.write_text("id,name\na,\na,Norvane\n")
    done = run_step("check-gazetteer", "bad.csv")
    assert done.status == 1
    assert [failure.partition(": ")[0] for failure in done.failures] == ["bad.csv", "bad.csv", "2 problems"]
