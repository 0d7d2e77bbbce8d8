"""A synthetic corpus, with a pipeline trained on it once on a tiny encoder.

Every record of the corpus carries one layer only.
"""

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.cli.train import train
from spacy.language import Language

from scripts.convert import Converted, write_corpus
from scripts.domain import Domain
from scripts.records import Record, make_record
from scripts.train import build_overrides, schedule
from tests.encoders import FILLERS, ORGS, PLACES, TONES, TOPICS

ROOT = Path(__file__).parent.parent.parent
GAZETTEER = ROOT / "assets" / "gazetteers" / "companies.csv"


def sentence(random_: random.Random, *inserts: str) -> list[str]:
    """Some filler words with the inserts among them, in random places."""
    words = random_.choices(FILLERS, k=random_.randint(3, 7))
    for insert in inserts:
        words.insert(random_.randint(0, len(words)), insert)
    return words


def single_layer_records(domain: Domain, per_layer: int, seed: int) -> list[Record]:
    """Records with gold for entities only, for sentiment only, for category only, and for the tone towards two targets.

    Each text contains something of the first three.
    """
    random_ = random.Random(seed)
    records = []
    for index in range(per_layer):
        org, place = random_.choice(ORGS), random_.choice(PLACES)
        tone, topic = random_.choice(list(TONES)), random_.choice(list(TOPICS))
        layers = {
            "ner": {"layers": {"ner": domain.recogniser_labels}},
            "sentiment": {"layers": {"sentiment": True}, "cats": {"sentiment": tone}},
            "category": {"layers": {"category": True}, "cats": {"category": topic}},
        }
        for name, gold in layers.items():
            words = sentence(random_, org, place, random_.choice(TONES[tone]), random_.choice(TOPICS[topic]))
            text = " ".join(words)
            data = {"id": f"{name}-{seed}-{index}", "text": text, "meta": {"source": "starter"}, **gold}
            if name == "ner":
                data["spans"] = [
                    {"start": start, "end": start + len(word), "label": "ORG" if word in ORGS else "LOC"}
                    for word, start in zip(words, offsets(words), strict=True)
                    if word in ORGS or word in PLACES
                ]
            records.append(make_record(data))
        records.append(make_record(two_tones(random_, f"entity_sentiment-{seed}-{index}")))
    return records


def two_tones(random_: random.Random, record_id: str) -> dict[str, Any]:
    """ "norvane rose as kestrel fell", with the tone towards each."""
    first, second = random_.sample(ORGS, 2)
    tones = random_.choice(list(TONES)), random_.choice(list(TONES))
    words = [first, random_.choice(TONES[tones[0]]), "as", second, random_.choice(TONES[tones[1]])]
    starts = offsets(words)
    spans = [
        {"start": start, "end": start + len(org), "label": "TARGET", "sentiment": tone}
        for org, start, tone in zip((first, second), (starts[0], starts[3]), tones, strict=True)
    ]
    layers = {"entity_sentiment": True}
    return {"id": record_id, "text": " ".join(words), "meta": {"source": "starter"}, "spans": spans, "layers": layers}


def offsets(words: list[str]) -> list[int]:
    """Where each word begins when they are joined by single spaces."""
    return [0, *itertools.accumulate(len(word) + 1 for word in words)][: len(words)]


@pytest.fixture(scope="session")
def single_layer_corpus(tmp_path_factory: pytest.TempPathFactory, domain: Domain) -> Path:
    """A folder as `convert` writes it."""
    folder = tmp_path_factory.mktemp("corpus")
    sizes = {"train": 150, "dev": 25, "test": 25}
    splits = {split: single_layer_records(domain, size, seed) for seed, (split, size) in enumerate(sizes.items())}
    owners = {record.id: "starter" for records in splits.values() for record in records}
    write_corpus(Converted(splits, owners), domain, "starter", folder)
    return folder


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory: pytest.TempPathFactory, single_layer_corpus: Path, tiny_encoder: Path) -> Path:
    """The folder of a training with `configs/train.cfg`: model-best, model-last, log.jsonl."""
    folder = tmp_path_factory.mktemp("training")
    domain_path = ROOT / "configs" / "finance.yml"
    log = folder / "log.jsonl"
    overrides = build_overrides(single_layer_corpus, domain_path, str(tiny_encoder), GAZETTEER, log, seed=0)
    overrides |= schedule(200)
    overrides |= {
        "training.patience": 0,
        "training.eval_frequency": 50,
        "training.batcher.size": 600,
        "training.optimizer.learn_rate.initial_rate": 0.001,
        "training.optimizer.head_scale": 3.0,
    }
    train(ROOT / "configs" / "train.cfg", folder, overrides=overrides)
    return folder


@pytest.fixture(scope="session")
def trained_pipeline(trained_folder: Path) -> Language:
    return spacy.load(trained_folder / "model-best")
