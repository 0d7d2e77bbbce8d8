"""The starter corpus as a whole: what `assets/starter/README.md` and issue 4 promise of it."""

from collections import Counter

import pytest
from spacy.language import Language

from bellwether import value_from_json
from scripts.convert import SPLITS, split_all
from scripts.docbin import doc_to_record, record_to_doc
from scripts.domain import Domain
from scripts.near_duplicates import find_near_duplicates
from scripts.records import NER, Record

WITH_VALUE = {"MONEY": "money", "PERCENT": "percent", "QUANTITY": "quantity", "PERIOD": "period", "TICKER": "ticker"}


def test_it_is_large_and_fully_annotated(starter: list[Record], domain: Domain) -> None:
    assert len(starter) >= 700
    for record in starter:
        assert record.layers == {NER: domain.entity_labels, "sentiment": True, "category": True}


@pytest.mark.parametrize("layer", ["sentiment", "category"])
def test_every_class_is_there_in_every_split(
    layer: str, domain: Domain, starter_splits: dict[str, list[Record]]
) -> None:
    for split in SPLITS:
        assert {record.cats[layer] for record in starter_splits[split]} == set(domain.labels_of(layer)), split


def test_every_entity_label_is_there_in_every_split(domain: Domain, starter_splits: dict[str, list[Record]]) -> None:
    for split in SPLITS:
        labels = {span.label for record in starter_splits[split] for span in record.spans}
        assert labels == set(domain.entity_labels), split


def test_numbers_carry_a_value_of_their_kind_and_names_none(starter: list[Record]) -> None:
    for record in starter:
        for span in record.spans:
            kind = None if span.value is None else value_from_json(span.value).type
            assert kind == WITH_VALUE.get(span.label), f"{record.id}: {record.text[span.start : span.end]}"


def test_hard_cases_are_there(starter: list[Record]) -> None:
    spans = [(record, span) for record in starter for span in record.spans]
    values = [value_from_json(span.value) for _, span in spans if span.value is not None]
    assert any(not record.spans for record in starter)
    assert any(span.start == 0 for _, span in spans)
    assert any(span.end == len(record.text) for record, span in spans)
    assert len({value.currency for value in values if value.type == "money"}) >= 8  # type: ignore[attr-defined]
    bounds = {getattr(value, "bound", None) for value in values}
    assert bounds >= {"exact", "at_least", "at_most", "about", "range"}
    assert {value.unit for value in values if value.type == "percent"} == {"percent", "percentage_point", "basis_point"}  # type: ignore[attr-defined]
    assert any(value.fiscal for value in values if value.type == "period")  # type: ignore[attr-defined]
    assert {record.meta["kind"] for record in starter} == {"headline", "wire", "filing", "tweet", "item"}


def test_no_two_documents_share_more_than_half_of_their_4_grams(starter: list[Record]) -> None:
    pairs = find_near_duplicates([record.text for record in starter])
    assert [(starter[first].id, starter[second].id, share) for first, second, share in pairs] == []


def test_ids_are_unique(starter: list[Record]) -> None:
    assert [name for name, count in Counter(record.id for record in starter).items() if count > 1] == []


def test_every_span_aligns_with_the_tokenizer_and_nothing_is_lost(starter: list[Record], tokenizer: Language) -> None:
    for record in starter:
        doc, misaligned = record_to_doc(record, tokenizer, align="error")
        assert misaligned == []
        assert doc_to_record(doc) == record


def test_it_cannot_be_mistaken_for_news(starter: list[Record]) -> None:
    days = [record.reference_date for record in starter if record.reference_date is not None]
    assert len(days) > 100
    assert {day.year for day in days} <= set(range(2029, 2038))


def test_the_splits_are_disjoint_and_complete(starter: list[Record], starter_splits: dict[str, list[Record]]) -> None:
    ids = [record.id for split in SPLITS for record in starter_splits[split]]
    assert Counter(ids) == Counter(record.id for record in starter)
    assert 0.6 < len(starter_splits["train"]) / len(starter) < 0.76


def test_a_document_keeps_its_split_whatever_else_is_there(
    starter: list[Record], starter_splits: dict[str, list[Record]]
) -> None:
    half = split_all(starter[::-2])
    for split in SPLITS:
        assert {record.id for record in half[split]} <= {record.id for record in starter_splits[split]}
