"""The schedule fits the corpus: the steps follow from its batches, and the rest of the schedule from the steps."""

import json
import re

import pytest
from thinc.api import Config

from scripts import train
from scripts.docbin import record_to_doc, write_docbin
from scripts.records import make_record
from scripts.train import MAX_EPOCHS, choose_epochs, count_batches, count_steps, schedule
from tests.conftest import ROOT

CONFIG = ROOT / "configs" / "train.cfg"
DOMAIN = ROOT / "configs" / "finance.yml"
GAZETTEER = ROOT / "assets" / "gazetteers" / "companies.csv"


@pytest.fixture
def no_training(monkeypatch):
    """Nothing is trained; RETURNS the calls of `spacy train` there would have been."""
    calls = []

    def write_models(config, out, **settings):
        calls.append(((config, out), settings))
        for name in ("model-best", "model-last"):
            (out / name).mkdir(parents=True)
            (out / name / "meta.json").write_text('{"lang": "en", "name": "pipeline"}', encoding="utf-8")

    monkeypatch.setattr(train, "train", write_models)
    return calls


@pytest.fixture
def corpus(starter, tokenizer, tmp_path):
    docs = [record_to_doc(record, tokenizer)[0] for record in starter[:40]]
    for split in ("train", "dev"):
        write_docbin(tmp_path / "corpus" / f"{split}.spacy", docs)
    return docs


def options(encoder, *more):
    """The options of a run outside of the repository's root."""
    given = {"--config": CONFIG, "--domain": DOMAIN, "--gazetteer": GAZETTEER, "--encoder": encoder}
    return ("train", *(str(part) for pair in given.items() for part in pair), *more)


def test_batches_are_those_of_the_config(corpus, tokenizer, tmp_path):
    reader = {"@readers": "bellwether.Corpus.v1", "path": str(tmp_path / "corpus" / "train.spacy")}
    batcher = {"@batchers": "spacy.batch_by_sequence.v1", "size": 12}
    docs, batches = count_batches({"corpora": {"train": reader}, "training": {"batcher": batcher}}, tokenizer)
    assert [doc.text for doc in docs] == [doc.text for doc in corpus]
    assert batches == 4


def test_epochs_shrink_with_the_corpus_and_steps_grow():
    sizes = [1, 5, 20, 80, 320, 5000]
    epochs = [choose_epochs(size) for size in sizes]
    assert epochs[0] == MAX_EPOCHS
    assert epochs == sorted(epochs, reverse=True)
    assert choose_epochs(20) == 20.0
    assert choose_epochs(80) == 10.0
    steps = [count_steps(size, 0) for size in sizes]
    assert steps == sorted(set(steps))


@pytest.mark.parametrize(
    ("batches", "epochs", "steps"), [(20, 0, 400), (7, 3, 21), (7, 0.5, 4), (1, 0.01, 1), (0, 0, 1), (3, 1e-9, 1)]
)
def test_steps(batches, epochs, steps):
    assert count_steps(batches, epochs) == steps


@pytest.mark.parametrize("steps", [1, 2, 7, 8, 9, 400, 100_000])
def test_schedule_evaluates_within_the_run_and_warms_up_before_its_end(steps):
    settings = schedule(steps)
    frequency = settings["training.eval_frequency"]
    assert settings["training.max_steps"] == steps
    assert 1 <= frequency <= steps
    assert settings["training.patience"] == 4 * frequency
    assert 1 <= settings["training.optimizer.learn_rate.warmup_steps"] <= steps


def test_schedule_by_hand():
    assert schedule(400) == {
        "training.max_steps": 400,
        "training.eval_frequency": 50,
        "training.patience": 200,
        "training.optimizer.learn_rate.warmup_steps": 40,
        "training.optimizer.learn_rate.total_steps": 400,
    }


def test_schedule_overrides_settings_that_the_config_has():
    Config().from_disk(CONFIG, interpolate=False, overrides=schedule(10))


def test_dry_run_prints_the_schedule_and_trains_nothing(run_step, corpus, no_training, tiny_encoder, tmp_path):
    output = run_step(*options(tiny_encoder, "--epochs", "3", "--dry-run"))
    assert output.status == 0
    batches, steps = re.search(r"40 documents in (\d+) batches: (\d+) steps, 3.0 epochs", output.out).groups()
    assert int(steps) == 3 * int(batches)
    assert no_training == []
    assert not (tmp_path / "training").exists()


def test_options_reach_spacy_train(run_step, corpus, no_training, tiny_encoder, tmp_path):
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "log.jsonl").write_text("{}\n", encoding="utf-8")
    output = run_step(*options(tiny_encoder, "--max-steps", "24", "--seed", "5"))
    assert output.status == 0
    ((_, settings),) = no_training
    assert settings["use_gpu"] == -1
    assert settings["overrides"].items() >= schedule(24).items()
    assert settings["overrides"]["paths.encoder"] == str(tiny_encoder)
    assert settings["overrides"]["paths.gazetteer"] == str(GAZETTEER)
    assert settings["overrides"]["system.seed"] == 5
    # A list, not a reference to a file that the packaged pipeline would not have.
    assert "ORG" in settings["overrides"]["components.ner.scorer.labels"]
    assert "MONEY" not in settings["overrides"]["components.ner.scorer.labels"]
    assert not (tmp_path / "training" / "log.jsonl").exists()
    meta = json.loads((tmp_path / "training" / "model-best" / "meta.json").read_text(encoding="utf-8"))
    assert (meta["lang"], meta["name"], meta["version"]) == ("en", "finance_trf", "0.1.0")
    assert meta["training"].items() >= {"steps": 24, "seed": 5}.items()
    assert meta["training"]["seconds"] >= 0


@pytest.mark.parametrize(("last", "done"), [(12, 12), (22, 24), (24, 24), (None, 24)])
def test_steps_that_patience_saved_are_not_counted(
    run_step, corpus, no_training, tiny_encoder, tmp_path, monkeypatch, last, done
):
    """24 are planned, with an evaluation every 3."""
    write_models = train.train

    def stop_early(config, out, **settings):
        write_models(config, out, **settings)
        if last is not None:
            (out / "log.jsonl").write_text(json.dumps({"epoch": 1, "step": last}) + "\n", encoding="utf-8")

    monkeypatch.setattr(train, "train", stop_early)
    assert run_step(*options(tiny_encoder, "--max-steps", "24")).status == 0
    meta = json.loads((tmp_path / "training" / "model-best" / "meta.json").read_text(encoding="utf-8"))
    assert meta["training"]["steps"] == done


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (("--epochs", "7"), 0.0),
        (("--epochs", "8"), None),  # as in the config
        (("--epochs", "7", "--set", "initialize.after_init.mask_rate=0.2"), 0.2),
    ],
)
def test_word_pieces_are_hidden_where_texts_are_passed_often(run_step, corpus, no_training, tiny_encoder, more, found):
    output = run_step(*options(tiny_encoder, *more))
    assert output.status == 0
    ((_, settings),) = no_training
    assert settings["overrides"].get("initialize.after_init.mask_rate") == found
    assert ("no word pieces are hidden" in " ".join(output.out.split())) == (more == ("--epochs", "7"))


def test_settings_override_the_config_and_the_schedule(run_step, corpus, no_training, tiny_encoder):
    settings = (
        "--set",
        "training.dropout=0.3",
        "--set",
        "training.patience=0",
        "--set",
        "components.ner.threshold=0.5",
    )
    assert run_step(*options(tiny_encoder, *settings)).status == 0
    ((_, called),) = no_training
    wanted = {"training.dropout": 0.3, "training.patience": 0, "components.ner.threshold": 0.5}
    assert called["overrides"].items() >= wanted.items()


def test_rarer_evaluations_do_not_end_the_training(run_step, corpus, no_training, tiny_encoder):
    """spaCy stops when `patience` steps brought nothing better, evaluated or not."""
    assert run_step(*options(tiny_encoder, "--max-steps", "80", "--set", "training.eval_frequency=50")).status == 0
    ((_, called),) = no_training
    assert called["overrides"].items() >= {"training.eval_frequency": 50, "training.patience": 200}.items()


@pytest.mark.parametrize(
    ("setting", "failure"),
    [
        ("training.dropout", "--set 'training.dropout': write SECTION.KEY=VALUE, such as training.dropout=0.2"),
        ("dropout=0.3", "--set 'dropout=0.3': write SECTION.KEY=VALUE, such as training.dropout=0.2"),
        ("training.dropout=much", "--set 'training.dropout=much': the value is not JSON ("),
        ("training.dropuot=0.3", f"{CONFIG}: has no 'training.dropuot', so it cannot be set"),
        ("components.nre.threshold=0.3", f"{CONFIG}: has no 'components.nre.threshold', so it cannot be set"),
    ],
)
def test_a_bad_setting_is_one_line(run_step, corpus, no_training, tiny_encoder, setting, failure):
    output = run_step(*options(tiny_encoder, "--dry-run", "--set", setting))
    assert output.status == 1
    (message,) = output.failures
    assert message.startswith(failure)


def test_a_missing_encoder_folder_is_one_line(run_step, corpus, no_training):
    output = run_step(*options("some/where/tiny"))
    assert output.status == 1
    assert output.failures == ["some/where/tiny: no such encoder folder: run the step 'encoder' first"]
    assert no_training == []


def test_a_bad_gazetteer_is_one_line_before_anything_is_trained(run_step, corpus, no_training, tiny_encoder, tmp_path):
    missing = run_step(*options(tiny_encoder, "--gazetteer", "companies.csv"))
    assert missing.status == 1
    assert missing.failures == [
        "companies.csv: no such gazetteer of companies: see assets/gazetteers/README.md for its format"
    ]
    (tmp_path / "companies.csv").write_text("id,name,fiscal_year_end\nn,Norvane,13\n", encoding="utf-8")
    bad = run_step(*options(tiny_encoder, "--gazetteer", "companies.csv"))
    assert bad.status == 1
    (failure,) = bad.failures
    assert failure.startswith("companies.csv: line 2")
    assert failure.endswith("all problems: python -m scripts check-gazetteer companies.csv")
    assert no_training == []


@pytest.mark.parametrize("split", ["train", "dev"])
def test_step_says_what_to_run_first(run_step, corpus, no_training, tiny_encoder, tmp_path, split):
    (tmp_path / "corpus" / f"{split}.spacy").unlink()
    output = run_step(*options(tiny_encoder))
    assert output.status == 1
    assert output.failures == [f"corpus/{split}.spacy: file not found: run the step 'convert' first"]
    assert no_training == []


def test_an_empty_corpus_is_one_line(run_step, corpus, tmp_path, no_training, tiny_encoder):
    write_docbin(tmp_path / "corpus" / "train.spacy", [])
    output = run_step(*options(tiny_encoder))
    assert output.status == 1
    assert output.failures == ["corpus/train.spacy: the training corpus is empty"]
    assert no_training == []


def test_a_component_without_gold_is_left_out_and_the_other_scores_sum_to_one(
    run_step, corpus, no_training, tiny_encoder
):
    output = run_step(*options(tiny_encoder))
    assert output.status == 0
    assert "the pipeline gets no 'entity_sentiment'" in output.out
    ((_, settings),) = no_training
    overrides = settings["overrides"]
    assert "entity_sentiment" not in overrides["nlp.pipeline"]
    assert {"transformer", "ner", "sentiment", "category", "money"} <= set(overrides["nlp.pipeline"])
    weights = [value for key, value in overrides.items() if key.startswith("training.score_weights.") and value]
    assert weights == pytest.approx([1 / 3] * 3)


def test_a_component_with_gold_stays(run_step, corpus, no_training, tokenizer, tiny_encoder, tmp_path):
    record = {
        "id": "a",
        "text": "Norvane gains as Halden slips.",
        "spans": [{"start": 0, "end": 7, "label": "TARGET", "sentiment": "positive"}],
        "layers": {"entity_sentiment": True},
    }
    doc = record_to_doc(make_record(record), tokenizer)[0]
    write_docbin(tmp_path / "corpus" / "train.spacy", [*corpus, doc])
    assert run_step(*options(tiny_encoder)).status == 0
    ((_, settings),) = no_training
    assert "nlp.pipeline" not in settings["overrides"]
