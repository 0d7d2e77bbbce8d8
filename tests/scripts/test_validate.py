"""The validator sees what `spacy debug data` does not."""

import json

import pytest

from scripts.convert import SPLITS
from scripts.records import make_record
from scripts.validate import count_layer, validate_corpus

NER_LABELS = ["ORG", "LOC", "MONEY"]


def make(record_id: str, text: str, *, tone: str | None = None, topic: str | None = None, spans=None, asked=None):
    cats = {name: label for name, label in (("sentiment", tone), ("topic", topic)) if label}
    layers: dict[str, object] = dict.fromkeys(cats, True)
    data = {"id": record_id, "text": text, "cats": cats, "layers": layers}
    if spans is not None:
        layers["ner"] = asked or NER_LABELS
        data["spans"] = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    return make_record(data)


@pytest.fixture
def splits():
    """A corpus in which every split has gold for every layer."""
    texts = {
        "train": "Norvane lifted its sales in spring while rivals slept",
        "dev": "Shares of Norvane stood still on a day without news",
        "test": "A court heard what Norvane had to say about taxes",
    }
    return {
        split: [
            make(
                f"{split}-1",
                text,
                tone="positive",
                topic="macro",
                spans=[(text.index("Norvane"), text.index("Norvane") + 7, "ORG")],
            ),
            make(
                f"{split}-2",
                f"Nobody said anything at all in {split} this time",
                tone="neutral",
                topic="earnings",
                spans=[],
            ),
        ]
        for split, text in texts.items()
    }


def test_counts_tell_unknown_from_empty(splits):
    records = [*splits["train"], make("u", "An unknown text", tone="positive")]
    counts = count_layer(records, "ner")
    assert (counts.documents, counts.annotated, counts.unknown, counts.empty) == (3, 2, 1, 1)
    assert counts.labels == {"ORG": 1}
    assert counts.asked["LOC"] == 2
    assert count_layer(records, "sentiment").labels == {"positive": 2, "neutral": 1}


def test_a_complete_corpus_has_no_problem(splits, mini_domain):
    assert validate_corpus(splits, mini_domain, {}).problems == []


@pytest.mark.parametrize("layer", ["ner", "sentiment", "topic"])
@pytest.mark.parametrize("split", SPLITS)
def test_a_layer_without_gold_in_a_split_is_a_problem(splits, mini_domain, layer, split):
    for record in splits[split]:
        record.layers.pop(layer)
        record.cats.pop(layer, None)
        if layer == "ner":
            record.spans.clear()
    problems = validate_corpus(splits, mini_domain, {}).problems
    assert len(problems) == 1
    assert f"layer '{layer}' has no gold in {split}" in problems[0]


def test_equal_texts_in_two_splits_are_a_problem_where_they_share_a_layer(splits, mini_domain):
    text = "One and the same sentence about a listing in Turku"
    splits["train"].append(make("a", text, tone="positive"))
    splits["dev"].append(make("b", text.upper() + "!", topic="macro"))
    report = validate_corpus(splits, mini_domain, {})
    assert report.problems == []
    assert "near-duplicate pairs between train and dev" in " ".join(report.warnings)
    splits["dev"].append(make("c", text, tone="neutral"))
    assert validate_corpus(splits, mini_domain, {}).problems == ["train 'a' and dev 'c' have the same text"]


def test_a_text_in_test_and_elsewhere_is_a_problem_whatever_its_layers_and_spelling(splits, mini_domain):
    splits["train"].append(make("a", "It does n't pay EUR0 .9 m", tone="positive"))
    splits["test"].append(make("b", "It doesn't pay EUR0.9m.", topic="macro"))
    assert validate_corpus(splits, mini_domain, {}).problems == ["train 'a' and test 'b' have the same text"]


def test_entity_sentiment_is_counted_where_a_corpus_has_it(splits, mini_domain):
    assert "entity_sentiment" not in validate_corpus(splits, mini_domain, {}).counts
    for split, tone in zip(SPLITS, ("positive", "negative", "neutral"), strict=True):
        target = {"start": 0, "end": 5, "label": "TARGET", "sentiment": tone}
        for name, spans in (("targets", [target]), ("none", [])):
            data = {"id": f"{split}-{name}", "text": f"Pumps {split} {name}", "spans": spans}
            splits[split].append(make_record(data | {"layers": {"entity_sentiment": True}}))
    report = validate_corpus(splits, mini_domain, {})
    assert report.problems == []
    counts = report.counts["entity_sentiment"]["train"]
    assert (counts.documents, counts.annotated, counts.unknown, counts.empty) == (4, 2, 2, 1)
    assert counts.labels == {"positive": 1}
    assert report.counts["ner"]["train"].labels == {"ORG": 1}
    assert "entity_sentiment label 'negative' has 0 examples in train" in " ".join(report.warnings)


def test_rare_labels_and_misalignments_are_warnings(splits, mini_domain):
    report = validate_corpus(splits, mini_domain, {"misaligned": ["id 'x': ORG 0-3 'Nor' expanded (tokens 'Norvane')"]})
    warnings = " ".join(report.warnings)
    assert "ner label 'LOC' has 0 examples in train" in warnings
    assert "sentiment label 'negative' does not occur in dev" in warnings
    assert "1 spans did not align" in warnings


def test_labels_of_normalizers_are_not_missed(splits, mini_domain):
    assert "MONEY" not in " ".join(validate_corpus(splits, mini_domain, {}).warnings)


def test_step_fails_on_a_problem_and_writes_nothing(run_step, write_domain, splits, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    splits["dev"] = []
    for split, records in splits.items():
        (corpus / f"{split}.jsonl").write_text("".join(record.to_line() + "\n" for record in records), encoding="utf-8")
    (corpus / "manifest.json").write_text(json.dumps({}), encoding="utf-8")
    output = run_step("validate", "--domain", str(write_domain()))
    assert output.status == 1
    assert "has no gold in dev" in output.out
    assert not (corpus / "validation.json").exists()


def test_step_says_what_to_run_first(run_step, write_domain):
    output = run_step("validate", "--domain", str(write_domain()))
    assert output.status == 1
    assert "run the step 'convert' first" in output.out
