"""A tiny encoder made on the spot, and a synthetic corpus with a pipeline trained on it once.

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
from scripts.train import build_overrides

ROOT = Path(__file__).parent.parent.parent
GAZETTEER = ROOT / "assets" / "gazetteers" / "companies.csv"

ORGS = ["norvane", "kestrel", "halden", "orvik", "tamura", "quill"]
PLACES = ["turku", "lagos", "porto", "osaka"]
TONES = {"positive": ["rose", "soared"], "negative": ["fell", "crashed"], "neutral": ["met", "spoke"]}
TOPICS = {"energy_oil": ["oil", "gas"], "ipo": ["listing", "flotation"], "dividend": ["payout", "dividend"]}
FILLERS = ["today", "again", "in", "after", "the", "report", "of", "said", "as", "it"]


def make_tiny_encoder(folder: Path) -> Path:
    """Save a two-layer BERT with random weights and a vocabulary of letters and the words above."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    letters = [chr(code) for code in range(33, 127)]
    words = [*ORGS, *PLACES, *itertools.chain(*TONES.values(), *TOPICS.values()), *FILLERS]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = list(dict.fromkeys([*special, *letters, *("##" + letter for letter in letters), *words]))
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    spacy.util.fix_random_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=512,
    )
    BertModel(config).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    return folder


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
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_encoder(tmp_path_factory.mktemp("encoder") / "tiny")


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
    overrides = build_overrides(single_layer_corpus, domain_path, str(tiny_encoder), GAZETTEER, log, seed=0, steps=200)
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
