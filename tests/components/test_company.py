"""The component `company`: entities that others found are resolved together, as a reader of the document would."""

import pickle
import time
import warnings
from decimal import Decimal

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span

from bellwether import Company, Ticker
from bellwether.normalizers.company import CompanyResolver, Mention
from bellwether.normalizers.gazetteer import Gazetteer
from bellwether.normalizers.gazetteer_csv import Entry, GazetteerError

NLP = spacy.blank("en")
GAZETTEER = Gazetteer(
    [
        Entry("HEL:NRV", "Norvane Oyj", (), "NRV", "HEL", ("NYSE:NRVN",), fiscal_year_end=6, cik="0000000042"),
        Entry("NYSE:DAL", "Delta Air Lines, Inc.", ("Delta",), "DAL", "NYSE", fiscal_year_end=12),
        Entry("TWSE:2308", "Delta Electronics, Inc.", ("Delta",), "2308", "TWSE"),
        Entry("LSE:HIS", "Halden Industrial Systems plc", (), "HIS", "LSE", isin="GB0002374006"),
        Entry("NYSE:HIS", "Hissop Inc.", (), "HIS", "NYSE"),
        Entry("X:BOK", "Bank of Karvonen", (), "BOK", "X"),
        Entry("X:APL", "Applewood Inc.", ("Applewood",)),
        Entry("X:APT", "Applewood Trading Ltd", ("Applewood Ltd",)),
        Entry("X:MER1", "Merrowdale Foods Inc."),
        Entry("X:MER2", "Merrowdane Foods Inc."),
    ]
)


def make_doc(markup):
    """A doc from a text with entities in brackets: [Norvane] is an ORG, [$NRV=NRV] and [HEL: NRV=NRV HEL] a TICKER, and
    [Oslo/LOC] something else."""
    words, spans = [], []
    for index, part in enumerate(markup.replace("]", "[").split("[")):
        if not part.strip():
            continue
        text, label, value = part, "ORG", None
        if index % 2 and "=" in part:
            text, _, code = part.partition("=")
            symbol, _, exchange = code.partition(" ")
            label, value = "TICKER", Ticker(symbol=symbol, exchange=exchange or None)
        elif index % 2 and part.endswith("/LOC"):
            text, label = part[:-4], "LOC"
        tokens = [token.text for token in NLP.make_doc(text.strip())]
        if index % 2:
            spans.append((len(words), len(words) + len(tokens), label, value))
        words += tokens
    doc = Doc(NLP.vocab, words=words)
    doc.ents = [Span(doc, start, end, label=label) for start, end, label, _ in spans]
    for ent, (*_, value) in zip(doc.ents, spans, strict=True):
        if value is not None:
            ent._.value = value
            ent._.source = "ticker.cashtag"
    return doc


def make_company(gazetteer=GAZETTEER, **settings):
    component = CompanyResolver(**settings)
    component.gazetteer = gazetteer
    return component


def ids(markup, **settings):
    return [ent.kb_id_ for ent in make_company(**settings)(make_doc(markup)).ents]


# the entities of a document, and what they mean
DOCUMENTS = [
    ("[Norvane Oyj] rose", ["HEL:NRV"]),
    ("[Norvane] 's shares", ["HEL:NRV"]),
    ("[Norvane's] shares", ["HEL:NRV"]),
    ("[NORVANE] rose", ["HEL:NRV"]),
    ("[Norvanne Oyj] rose", ["HEL:NRV"]),
    ("[Nowhere plc] fell in [Oslo/LOC]", ["", ""]),
    ("[Norvane/LOC]", [""]),
    # tickers
    ("[$NRV=NRV] rose", ["HEL:NRV"]),
    ("([NYSE: NRVN=NRVN NYSE])", ["HEL:NRV"]),
    ("[NRV.HE=NRV HE]", ["HEL:NRV"]),
    ("[LSE:NRV=NRV LSE]", [""]),
    ("[$HIS=HIS] rose", [""]),
    ("[$HIS=HIS] rose, as [Hissop] said", ["NYSE:HIS", "NYSE:HIS"]),
    ("[GB0002374006=GB0002374006]", [""]),
    # a name of two companies: the document decides
    ("[Delta] rose", [""]),
    ("[Delta] rose and [Norvane] fell", ["", "HEL:NRV"]),
    ("[Delta] rose. [Delta] fell.", ["", ""]),
    ("[Delta Air Lines] rose. [Delta] flies.", ["NYSE:DAL", "NYSE:DAL"]),
    ("[Delta] rose. [Delta Electronics, Inc.] makes chips.", ["TWSE:2308", "TWSE:2308"]),
    ("[Delta] rose ([NYSE: DAL=DAL NYSE])", ["NYSE:DAL", "NYSE:DAL"]),
    ("[Delta Air Lines] and [Delta Electronics]: [Delta] rose", ["NYSE:DAL", "TWSE:2308", ""]),
    # the better match counts, unless the document names the other
    ("[Applewood] rose", ["X:APL"]),
    ("[Applewood Trading]: [Applewood] rose", ["X:APT", "X:APT"]),
    ("[Merrowdalne Foods]", [""]),
    # short forms of a name that the document gives in full
    ("[Halden] rose", [""]),
    ("[Halden Industrial Systems] rose; [Halden] said", ["LSE:HIS", "LSE:HIS"]),
    ("[Halden] said [Halden Industrial Systems plc] rose", ["LSE:HIS", "LSE:HIS"]),
    ("[Halden Industrial] said. ([LSE: HIS=HIS LSE])", ["LSE:HIS", "LSE:HIS"]),
    ("[Halden Industrial Systems] rose; [HIS] said", ["LSE:HIS", "LSE:HIS"]),
    ("[Halden Industrial Systems] rose; [his] said", ["LSE:HIS", ""]),
    ("[Halden Industrial Systems] sued [Halden Bakeries]; [Halden] won", ["LSE:HIS", "", ""]),
    ("[Bank of Karvonen] rose; the [Bank] said", ["X:BOK", ""]),
    ("[Norvane] rose; [Industrial] fell", ["HEL:NRV", ""]),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), DOCUMENTS)
def test_documents(markup, expected):
    assert ids(markup) == expected


def test_value_of_an_org():
    doc = make_company()(make_doc("[Norvane] rose"))
    (ent,) = doc.ents
    expected = Company(
        id="HEL:NRV", name="Norvane Oyj", ticker="NRV", exchange="HEL", cik="0000000042", fiscal_year_end=6,
        score=Decimal("0.98"),
    )  # fmt: skip
    assert ent._.value == ent._.company == expected
    assert (ent._.source, ent.kb_id_, ent.label_) == ("model", "HEL:NRV", "ORG")


def test_a_ticker_keeps_its_value_and_source():
    (ent,) = make_company()(make_doc("[NRV.HE=NRV HE]")).ents
    assert ent._.value == Ticker(symbol="NRV", exchange="HE")
    assert (ent._.company.id, ent._.company.score, ent._.source) == ("HEL:NRV", 1, "ticker.cashtag")


@pytest.mark.parametrize(("kind", "symbol"), [("isin", "GB0002374006"), ("sedol", "0237400")])
def test_identifier(kind, symbol):
    (resolution,) = make_company().resolve([Mention(symbol, Ticker(symbol=symbol, kind=kind))])
    assert resolution.entry.id == "LSE:HIS"


@pytest.mark.parametrize(
    ("markup", "score"),
    [
        ("[Norvane Oyj]", "1"),
        ("[norvane oyj]", "0.99"),
        ("[Norvane]", "0.98"),
        ("[Norvane Group]", "0.95"),
        ("[Norvane Corporation]", "0.92"),
        ("[Norvanne]", "0.933"),
        ("[Halden] of [Halden Industrial Systems]", "0.96"),
    ],
)
def test_scores(markup, score):
    assert make_company()(make_doc(markup)).ents[0]._.value.score == Decimal(score)


def test_threshold_and_margin():
    assert ids("[Norvanne] rose", threshold=0.95) == [""]
    assert ids("[Norvane GmbH] rose", threshold=0.8) == ["HEL:NRV"]
    assert ids("[Halden] of [Halden Industrial Systems]", threshold=0.97) == ["", "LSE:HIS"]
    assert ids("[Merrowdalle Foods]") == ids("[Merrowdalle Foods]", margin=0.02) == ["X:MER1"]
    assert ids("[Merrowdalle Foods]", margin=0.05) == [""]
    with pytest.raises(ValueError, match=r"company: 'threshold' must be between 0 and 1, got 90"):
        CompanyResolver(threshold=90)


def test_an_ambiguous_name_is_visible():
    doc = make_company()(make_doc("[Norvane] and [Delta] rose"))
    assert doc.ents[1]._.value is None
    candidates = [(span.text, span.label_, span.kb_id_) for span in doc.spans["company_candidates"]]
    assert candidates == [("Delta", "ORG", "NYSE:DAL"), ("Delta", "ORG", "TWSE:2308")]
    assert not make_company(spans_key=None)(make_doc("[Delta] rose")).spans
    assert not make_company()(make_doc("[Norvane] rose")).spans


def test_alternatives():
    doc = make_company()(make_doc("[Delta] rose. [Delta Electronics] fell."))
    assert doc.ents[0]._.value.alternatives == ("NYSE:DAL",)
    assert doc.ents[1]._.value.alternatives == ()


def test_settings_of_labels():
    doc = make_doc("[Norvane/LOC] and [Norvane], [$NRV=NRV]")
    assert [bool(ent.kb_id_) for ent in make_company(labels=["LOC"], ticker_label=None)(doc).ents] == [
        True,
        False,
        False,
    ]


def test_other_annotation_stays():
    doc = make_doc("[Norvane Oyj] rose in [Oslo/LOC] on Friday")
    doc.set_ents([doc.ents[0]], missing=[doc[3:5]], default="outside")
    doc[0].ent_id_ = doc[1].ent_id_ = "mine"
    doc.ents[0]._.score = 0.7
    before = [(token.ent_iob_, token.ent_type_, token.ent_id_) for token in doc]
    make_company()(doc)
    assert [(token.ent_iob_, token.ent_type_, token.ent_id_) for token in doc] == before
    assert doc.ents[0]._.score == 0.7
    assert [token.ent_kb_id_ for token in doc] == ["HEL:NRV"] * 2 + [""] * (len(doc) - 2)
    once = doc.to_json()
    assert make_company()(doc).to_json() == once


def test_empty_docs():
    component = make_company()
    for doc in (NLP.make_doc(""), NLP.make_doc("No entity here.")):
        assert not component(doc).ents


# --- life of the component ---


@pytest.fixture
def nlp():
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": name} for name in ("Norvane", "Delta", "Delta Air Lines")])
    pipeline.add_pipe("company").gazetteer = GAZETTEER
    return pipeline


TEXT = "Norvane bought Delta."


def read(doc):
    return [(ent.text, ent.kb_id_, ent._.value) for ent in doc.ents], [
        span.kb_id_ for span in doc.spans.get("company_candidates", ())
    ]


def test_save_and_load(nlp, tmp_path):
    expected = read(nlp(TEXT))
    assert expected[0][0][1] == "HEL:NRV"
    nlp.to_disk(tmp_path / "model")
    assert (tmp_path / "model" / "company" / "companies.csv").read_text(encoding="utf-8").startswith("id,name,")
    copies = [
        spacy.load(tmp_path / "model"),
        pickle.loads(pickle.dumps(nlp)),
    ]
    other = spacy.blank("en")
    other.add_pipe("entity_ruler")
    other.add_pipe("company")
    other.from_bytes(nlp.to_bytes())
    other.get_pipe("entity_ruler").add_patterns(nlp.get_pipe("entity_ruler").patterns)
    copies.append(other)
    for copy in copies:
        assert copy.get_pipe("company").gazetteer.entries == GAZETTEER.entries
        assert read(copy(TEXT)) == expected


def test_batches_and_processes(nlp):
    texts = [TEXT, "", "Delta Air Lines and Delta", "Nothing"] * 3
    expected = [read(nlp(text)) for text in texts]
    assert [read(doc) for doc in nlp.pipe(texts, batch_size=5)] == expected
    assert [read(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=3)] == expected


def test_docbin(nlp):
    doc = nlp(TEXT)
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (copy,) = DocBin().from_bytes(stored).get_docs(spacy.blank("en").vocab)
    assert read(copy) == read(doc)


def test_load_gazetteer(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id;name;fiscal_year_end\nmine;Norvane Oyj;5\n")
    component = NLP.create_pipe("company")
    component.load_gazetteer(path)
    assert component(make_doc("[Norvane] rose")).ents[0]._.value.fiscal_year_end == 5
    path.write_text("id;name;fiscal_year_end\nmine;Norvane Oyj;14\n")
    with pytest.raises(GazetteerError, match=r"mine\.csv: 1 problem\n  line 2: column 'fiscal_year_end': '14'"):
        component.load_gazetteer(path)
    assert len(component.gazetteer) == 1


def test_gazetteer_of_the_config(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,name\nmine,Norvane Oyj\n")
    config = spacy.blank("en").config.merge(
        {
            "nlp": {"pipeline": ["company"]},
            "components": {"company": {"factory": "company"}},
            "initialize": {
                "components": {"company": {"gazetteer": {"@readers": "bellwether.Gazetteer.v1", "path": str(path)}}}
            },
        }
    )
    nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    nlp.initialize()
    assert nlp.get_pipe("company").gazetteer["mine"].name == "Norvane Oyj"
    nlp.get_pipe("company").initialize()
    assert len(nlp.get_pipe("company").gazetteer) == 1


def test_an_empty_gazetteer_warns_once():
    component = NLP.create_pipe("company")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        component(make_doc("no entity"))
    with pytest.warns(UserWarning, match=r"'company' has no companies.*load_gazetteer"):
        doc = component(make_doc("[Norvane] rose"))
    assert doc.ents[0].kb_id_ == ""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        component(make_doc("[Norvane] rose"))


# --- any input ---

NAMES = (
    "Norvane",
    "Delta",
    "Halden",
    "Halden Industrial Systems",
    "HIS",
    "Applewood",
    "Bank",
    "'s",
    "The",
    "\u200b",
    "&",
)


@given(st.lists(st.sampled_from(NAMES) | st.text(max_size=12), max_size=6))
def test_any_names(texts):
    component = make_company()
    resolutions = component.resolve([Mention(text) for text in texts])
    assert len(resolutions) == len(texts)
    for resolution in filter(None, resolutions):
        assert resolution.entry is not None or len(resolution.others) > 1
        assert resolution.entry not in resolution.others


@given(
    st.text(max_size=8), st.none() | st.text(max_size=4), st.sampled_from(["ticker", "isin", "lei", "sedol", "cusip"])
)
def test_any_ticker(symbol, exchange, kind):
    make_company().resolve([Mention(symbol, Ticker(symbol=symbol, exchange=exchange, kind=kind))])


def test_many_mentions_take_linear_time():
    mentions = [Mention(f"Halden {number}x") for number in range(3000)] + [Mention("Halden Industrial Systems")]
    start = time.process_time()
    make_company().resolve(mentions)
    assert time.process_time() - start < 5
