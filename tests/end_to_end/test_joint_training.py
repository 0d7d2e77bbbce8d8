"""One training of all heads on records that carry one layer each, with the config that ships."""

import json
from pathlib import Path

import numpy
import pytest
import spacy
from spacy.language import Language
from spacy.training import Example
from thinc.api import Config

from bellwether.readers import GoldCorpus
from bellwether.targets import copy_targets

pytestmark = pytest.mark.end_to_end
ROOT = Path(__file__).parent.parent.parent
SCORES = {
    "ner": "ents_f",
    "entity_sentiment": "entity_sentiment_macro_f",
    "sentiment": "sentiment_macro_f",
    "category": "category_macro_f",
}


@pytest.fixture(scope="module")
def test_examples(trained_pipeline: Language, single_layer_corpus: Path) -> list[Example]:
    return list(GoldCorpus(single_layer_corpus / "test.spacy")(trained_pipeline))


def head_scores(nlp: Language, examples: list[Example]) -> dict[str, float | None]:
    scores = nlp.evaluate(examples)
    return {key: scores[key] for key in SCORES.values()}


def test_each_head_learns_from_its_own_records(trained_pipeline, test_examples):
    scores = head_scores(trained_pipeline, test_examples)
    assert {key: score for key, score in scores.items() if score <= 0.8} == {}


@pytest.mark.parametrize(("layer", "key"), SCORES.items())
def test_scores_of_a_head_do_not_move_when_records_without_its_layer_are_added(
    trained_pipeline, test_examples, layer, key
):
    own = [example for example in test_examples if layer in example.reference._.layers]
    assert 0 < len(own) < len(test_examples)
    alone = head_scores(trained_pipeline, copy_examples(own))
    mixed = head_scores(trained_pipeline, copy_examples(test_examples))
    assert mixed[key] == alone[key] is not None
    assert [other for other, score in alone.items() if score is not None] == [key]


def copy_examples(examples: list[Example]) -> list[Example]:
    copies = [Example(example.predicted.copy(), example.reference) for example in examples]
    for copy in copies:
        copy_targets(copy.reference, copy.predicted)
    return copies


def encoder_weights(nlp: Language) -> list[numpy.ndarray]:
    module = nlp.get_pipe("transformer").model.transformer
    return [parameter.detach().numpy().copy() for parameter in module.parameters()]


@pytest.mark.parametrize(
    "layers", [{"sentiment"}, {"category"}, {"ner"}, {"entity_sentiment"}, {"sentiment", "category"}, set()]
)
def test_a_batch_trains_the_encoder_if_any_head_has_gold(trained_pipeline, test_examples, layers, tmp_path):
    """The last listener runs the backward pass of the encoder, so it must call it whatever gold a batch has.

    (Stock `ner` returns before `begin_update` where a batch has no entity gold.)
    """
    trained_pipeline.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    batch = [example for example in test_examples if set(example.reference._.layers) & layers] or test_examples[:0]
    if not layers:
        batch = [Example(nlp.make_doc("nothing is known"), nlp.make_doc("nothing is known"))]
    batch = [Example(nlp.make_doc(example.reference.text), example.reference) for example in batch[:8]]
    before = encoder_weights(nlp)
    optimizer = nlp.resume_training()
    # The warm-up begins at a rate of 0, and weight decay would move the weights without any gradient.
    optimizer.learn_rate, optimizer.L2 = 0.001, 0.0
    # The gradients of a step reach the encoder with the `finish_update` of the training loop.
    nlp.update(batch, sgd=False)
    for _, pipe in nlp.pipeline:
        if hasattr(pipe, "finish_update"):
            pipe.finish_update(optimizer)
    moved = any(not numpy.array_equal(old, new) for old, new in zip(before, encoder_weights(nlp), strict=True))
    assert moved == bool(layers)


def test_the_last_listener_of_the_config_is_ours():
    config = Config().from_disk(ROOT / "configs" / "train.cfg", interpolate=False)
    listeners = [
        name
        for name in config["nlp"]["pipeline"]
        if "Listener" in str(config["components"][name].get("model", {}).get("tok2vec", {}).get("@architectures"))
    ]
    assert listeners == ["ner", "entity_sentiment", "sentiment", "category"]
    assert config["components"][listeners[-1]]["factory"] in ("crf_ner", "entity_sentiment", "scoped_textcat")


def test_score_weights_balance_the_heads(trained_pipeline):
    weights = {key: weight for key, weight in trained_pipeline.config["training"]["score_weights"].items() if weight}
    assert set(weights) == set(SCORES.values())
    assert max(weights.values()) - min(weights.values()) < 0.02
    assert sum(weights.values()) == pytest.approx(1.0)


def test_log_is_json_lines_with_the_scores_of_every_evaluation(trained_folder):
    lines = [json.loads(line) for line in (trained_folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 3
    assert {"epoch", "step", "losses", "scores", "score"} <= set(lines[-1])
    assert lines[-1]["score"] >= lines[0]["score"]


def test_trained_pipeline_reads_values_too(trained_pipeline):
    doc = trained_pipeline("norvane soared 12% after a payout of EUR 13.1 mn")
    found = {ent.text: ent for ent in doc.ents}
    assert found["norvane"].label_ == "ORG"
    assert found["norvane"]._.source == "model"
    assert str(found["EUR 13.1 mn"]._.value.amount) == "13100000"
    assert found["12%"]._.value.direction == "up"
    assert doc._.sentiment == "positive"
    assert doc._.category == "dividend"


def test_analyze_pipes_finds_no_problem(trained_pipeline):
    assert not any(trained_pipeline.analyze_pipes()["problems"].values())


def test_evaluation_of_the_same_docs_is_repeatable(trained_pipeline, test_examples):
    assert head_scores(trained_pipeline, copy_examples(test_examples)) == head_scores(
        trained_pipeline, copy_examples(test_examples)
    )
