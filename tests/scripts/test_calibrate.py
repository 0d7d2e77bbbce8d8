"""The step `calibrate` on a small trained pipeline: what it stores, what it refuses, and what a kill leaves behind."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from bellwether.calibration import WEIGHTS
from scripts import calibrate
from tests.components.heads import TOK2VEC

Step = Callable[..., Any]


class Killed(BaseException):
    """Ends the step as a signal does: nothing catches it."""


NAMES = ["Norvane", "Halden", "Kestrel", "Orvik", "Tamura", "Quill"]
PLACES = ["Turku", "Oslo", "Porto", "Osaka"]
TONES = {"positive": ["rises", "soars"], "negative": ["falls", "sinks"], "neutral": ["meets", "speaks"]}


def make_records(count: int, seed: int, *, mistaken: bool) -> list[dict[str, Any]]:
    """Texts with a company, a place and a tone; where `mistaken`, a part of the gold says something else, so that a
    pipeline trained on the others is too sure of itself."""
    random_ = random.Random(seed)
    records = []
    for number in range(count):
        name, place, tone = random_.choice(NAMES), random_.choice(PLACES), random_.choice(list(TONES))
        text = f"{name} {random_.choice(TONES[tone])} in {place} as report {seed}-{number} says"
        labels = {"ORG": name, "LOC": place}
        if mistaken and number % 4 == 0:
            tone = random_.choice([other for other in TONES if other != tone])
            labels = {"LOC": name, "ORG": place}
        spans = [
            {"start": text.index(word), "end": text.index(word) + len(word), "label": label}
            for label, word in labels.items()
        ]
        layers = {"ner": ["ORG", "LOC"], "sentiment": True}
        records.append(
            {"id": f"{seed}-{number}", "text": text, "spans": spans, "cats": {"sentiment": tone}, "layers": layers}
        )
    return records


def train_model(folder: Path, sentiment: dict[str, Any]) -> Path:
    """A pipeline trained on gold without mistakes."""
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("scoped_textcat", name="sentiment", config=sentiment)
    nlp.add_pipe("crf_ner", name="ner")
    examples = []
    for record in make_records(60, 1, mistaken=False):
        gold = {
            "entities": [(span["start"], span["end"], span["label"]) for span in record["spans"]],
            "cats": {f"sentiment:{record['cats']['sentiment']}": 1.0},
        }
        examples.append(Example.from_dict(nlp.make_doc(record["text"]), gold))
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def trained_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_model(tmp_path_factory.mktemp("trained") / "model", {})


@pytest.fixture
def build(
    tmp_path: Path, trained_model: Path, write_domain: Callable[..., Path], run_step: Step
) -> Callable[..., list[str]]:
    """Build `corpus` and `model` in tmp_path; RETURNS the options that every call of the step needs."""

    def make(dev: list[dict[str, Any]] | None = None) -> list[str]:
        dev = make_records(80, 2, mistaken=True) if dev is None else dev
        splits = {"train": make_records(9, 4, mistaken=False), "dev": dev, "test": make_records(9, 5, mistaken=False)}
        files = {split: f"{split}.jsonl" for split in splits}
        for split, found in splits.items():
            (tmp_path / files[split]).write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
        domain = write_domain(mine={"reader": "jsonl", "files": files})
        run = run_step("convert", "--mix", "mine", "--domain", str(domain))
        assert run.status == 0, run.out
        shutil.copytree(trained_model, tmp_path / "model")
        return ["--model", "model", "--domain", str(domain)]

    return make


def temperatures(model: Path) -> dict[str, float]:
    nlp = spacy.load(model)
    return {name: nlp.get_pipe(name).temperature for name in ("sentiment", "ner")}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def answers(nlp: Language) -> list[tuple[Any, ...]]:
    texts = [record["text"] for record in make_records(20, 3, mistaken=False)]
    return [(doc._.sentiment, [(ent.text, ent.label_) for ent in doc.ents]) for doc in nlp.pipe(texts)]


def test_the_pipeline_gets_temperatures_and_keeps_its_answers(
    build: Callable[..., list[str]], run_step: Step, tmp_path: Path, trained_model: Path
) -> None:
    run = run_step("calibrate", *build())
    assert run.status == 0, run.out
    found = temperatures(tmp_path / "model")
    assert all(temperature > 1.2 for temperature in found.values()), "gold disagrees with answers that are sure"
    for part in ("sentiment 80", "ner 160", "log loss", "calibration error", "documents of dev"):
        assert part in run.out
    assert answers(spacy.load(tmp_path / "model")) == answers(spacy.load(trained_model))
    manifest = json.loads((tmp_path / "corpus" / "manifest.json").read_text(encoding="utf-8"))
    assert spacy.load(tmp_path / "model").meta["calibration"] == {
        "split": "dev",
        "corpus_sha256": manifest["sha256"]["dev"],
        "temperatures": found,
        "ngram_weights": {},
        "thresholds": {"ner": spacy.load(tmp_path / "model").get_pipe("ner").threshold},
        "answers": {"sentiment": 80, "ner": 160},
    }


def test_the_weight_of_ngrams_is_fitted_and_stored(
    build: Callable[..., list[str]], run_step: Step, tmp_path: Path
) -> None:
    options = build()
    model = {
        "@architectures": "bellwether.PooledClassifier.v1",
        "tok2vec": TOK2VEC,
        "ngrams": {"@architectures": "bellwether.NgramClassifier.v1", "rows": 256},
    }
    shutil.rmtree(tmp_path / "model")
    train_model(tmp_path / "model", {"model": model, "ngram_weight": 1.234})
    run = run_step("calibrate", *options)
    assert run.status == 0, run.out
    nlp = spacy.load(tmp_path / "model")
    weight = nlp.get_pipe("sentiment").cfg["ngram_weight"]
    assert weight in WEIGHTS
    assert nlp.meta["calibration"]["ngram_weights"] == {"sentiment": weight}
    assert f"sentiment 80 {weight:g}" in run.out
    first = contents(tmp_path / "model")
    assert run_step("calibrate", *options).status == 0
    assert contents(tmp_path / "model") == first


def test_a_second_run_changes_nothing(build: Callable[..., list[str]], run_step: Step, tmp_path: Path) -> None:
    options = build()
    assert run_step("calibrate", *options).status == 0
    first = contents(tmp_path / "model")
    assert run_step("calibrate", *options).status == 0
    assert contents(tmp_path / "model") == first


def test_only_settings_are_written(build: Callable[..., list[str]], run_step: Step, tmp_path: Path) -> None:
    options = build()
    before = contents(tmp_path / "model")
    assert run_step("calibrate", *options).status == 0
    after = contents(tmp_path / "model")
    assert {name for name in after if after[name] != before.get(name)} == {"sentiment/cfg", "ner/cfg", "meta.json"}
    assert set(after) == set(before)


def test_dry_run_changes_nothing(build: Callable[..., list[str]], run_step: Step, tmp_path: Path) -> None:
    options = build()
    before = contents(tmp_path / "model")
    run = run_step("calibrate", *options, "--dry-run")
    assert run.status == 0
    assert "Would write what was fitted to model" in run.out
    assert contents(tmp_path / "model") == before


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_kill_leaves_a_pipeline_that_loads(
    build: Callable[..., list[str]], run_step: Step, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """Killed while it writes a file, after so many whole ones; the next run mends all."""
    options = build()
    done: list[Path] = []
    whole = Path.write_text

    def write_half(path: Path, text: str, **kwargs: Any) -> int:
        if path.is_relative_to("model"):
            if len(done) == writes:
                whole(path, text[: len(text) // 2], **kwargs)
                raise Killed
            done.append(path)
        return whole(path, text, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", write_half)
        with pytest.raises(Killed):
            run_step("calibrate", *options)
    changed = [temperature != 1.0 for temperature in temperatures(tmp_path / "model").values()]
    assert changed == [writes > 0, writes > 1]
    assert "calibration" not in spacy.load(tmp_path / "model").meta
    assert run_step("calibrate", *options).status == 0
    assert temperatures(tmp_path / "model") == spacy.load(tmp_path / "model").meta["calibration"]["temperatures"]


def test_too_little_gold_resets_the_temperature_and_says_so(
    build: Callable[..., list[str]], run_step: Step, tmp_path: Path
) -> None:
    dev = make_records(80, 2, mistaken=True)
    for record in dev[40:]:
        del record["cats"]["sentiment"], record["layers"]["sentiment"]
    options = build(dev)
    nlp = spacy.load(tmp_path / "model")
    nlp.get_pipe("sentiment").temperature = 3.0
    nlp.to_disk(tmp_path / "model")
    run = run_step("calibrate", *options)
    assert run.status == 0
    assert "sentiment: temperature left at 1: only 40 answers with gold" in run.out
    found = temperatures(tmp_path / "model")
    assert found["sentiment"] == 1.0
    assert found["ner"] > 1.2


def test_labels_that_were_not_asked_for_do_not_count(
    build: Callable[..., list[str]], run_step: Step, tmp_path: Path
) -> None:
    """Where the annotators were asked for ORG only, the places that are found are neither right nor wrong."""
    dev = make_records(80, 2, mistaken=True)
    for record in dev:
        record["layers"]["ner"] = ["ORG"]
        record["spans"] = [span for span in record["spans"] if span["label"] == "ORG"]
    run = run_step("calibrate", *build(dev))
    assert "ner 80" in run.out


def test_errors_say_what_to_do(build: Callable[..., list[str]], run_step: Step, tmp_path: Path) -> None:
    options = build()
    before = contents(tmp_path / "model")
    spacy.blank("en").to_disk(tmp_path / "plain")
    other = tmp_path / "other.yml"
    other.write_text(
        Path(options[-1]).read_text(encoding="utf-8").replace("name: mini", "name: maxi"), encoding="utf-8"
    )
    cases: list[tuple[list[str], str]] = [
        (["--split", "test"], "the test split is for the evaluation alone"),
        (["--split", "train"], "was trained on the train split"),
        (["--split", "nowhere"], "no split 'nowhere'; it has train, dev, test"),
        (["--model", "nowhere"], "run the step 'train' first"),
        (["--model", "plain"], "no component has a temperature"),
        (["--corpus", "nowhere"], "run the step 'convert' first"),
        (["--domain", str(other)], "of the domain 'mini', not of 'maxi'"),
    ]
    for arguments, expected in cases:
        run = run_step("calibrate", *options, *arguments)
        assert run.status == 1
        assert len(run.failures) == 1
        assert expected in run.failures[0]
    (tmp_path / "corpus" / "dev.jsonl").write_text("{}\n", encoding="utf-8")
    run = run_step("calibrate", *options)
    assert run.status == 1
    assert "does not have the sha256" in run.out
    assert contents(tmp_path / "model") == before


def test_components_see_the_docs_as_those_before_leave_them() -> None:
    """A recogniser behind another keeps off its entities, and nothing behind the last one is run."""
    nlp = spacy.blank("en")
    nlp.add_pipe("crf_ner", name="ner")
    nlp.add_pipe("scoped_textcat", name="tone")
    reference = Doc(nlp.vocab, words=["Norvane", "rises"])
    reference.cats = {"tone:good": 1.0}
    nlp.initialize(
        lambda: [
            Example.from_dict(nlp.make_doc("Norvane rises"), {"cats": {"tone:good": 1.0}, "entities": [(0, 7, "ORG")]}),
            Example.from_dict(nlp.make_doc("Norvane falls"), {"cats": {"tone:bad": 1.0}, "entities": [(0, 7, "ORG")]}),
        ]
    )
    ruler = nlp.add_pipe("entity_ruler", first=True)
    ruler.add_patterns([{"label": "EVENT", "pattern": "Norvane"}, {"label": "EVENT", "pattern": "rises"}])
    nlp.add_pipe("sentencizer", last=True)
    found = calibrate.read_answers(nlp, [reference] * 3)
    assert {name: sum(len(part.right) for part in parts) for name, parts in found.items()} == {"ner": 0, "tone": 3}
