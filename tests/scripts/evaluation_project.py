"""A corpus built by `convert` and a pipeline that answers by a word list, for the tests of the step `evaluate`."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from bellwether.attributes import set_span_field

EVIL = '<script>alert("x")</script> & <b>'
TONES = {"rise": "positive", "fall": "negative"}
NAMES = {"Halden": "ORG", "Norvane": "ORG", "Turku": "LOC", "Oslo": "ORG", "rise": "WEATHER"}


@Language.factory("word_list_entities", assigns=["doc.ents"], default_config={"words": {}})
def make_word_list_entities(nlp: Language, name: str, words: dict[str, str]) -> "WordListEntities":
    return WordListEntities(words)


class WordListEntities:
    """Marks the words of a list as entities, each with a probability of 0.95."""

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words
        self.labels = tuple(sorted(set(words.values())))

    def __call__(self, doc: Doc) -> Doc:
        found = [
            Span(doc, token.i, token.i + 1, label=self.words[token.text]) for token in doc if token.text in self.words
        ]
        doc.ents = [*doc.ents, *found]
        for span in found:
            set_span_field(span, 0.95, name="score")
        return doc


@Language.factory("word_list_answers", assigns=["doc.cats"], default_config={"words": {}, "labels": []})
def make_word_list_answers(nlp: Language, name: str, words: dict[str, str], labels: list[str]) -> "WordListAnswers":
    return WordListAnswers(name, words, labels)


class WordListAnswers:
    """Answers with the label of the first word of a list, otherwise with the first label."""

    def __init__(self, name: str, words: dict[str, str], labels: list[str]) -> None:
        self.name = name
        self.words = words
        self.labels = tuple(labels)

    def __call__(self, doc: Doc) -> Doc:
        answer = next((self.words[token.text] for token in doc if token.text in self.words), self.labels[0])
        rest = 0.2 / (len(self.labels) - 1)
        doc.cats |= {f"{self.name}:{label}": 0.8 if label == answer else rest for label in self.labels}
        return doc


def record(number: int, text: str, spans: Iterable[tuple[str, str]], **cats: str) -> dict[str, Any]:
    found = [{"start": text.index(word), "end": text.index(word) + len(word), "label": label} for word, label in spans]
    layers: dict[str, Any] = {"ner": ["ORG", "LOC", "MONEY"]} | dict.fromkeys(cats, True)
    return {"id": f"r{number}", "text": text, "spans": found, "cats": cats, "layers": layers}


def records(offset: int, *, topic: bool = True) -> list[dict[str, Any]]:
    ups = [f"Norvane{offset + i} and Halden rise {i} in Turku" for i in range(6)]
    downs = [f"Halden{offset + i} and Norvane fall {i} in Oslo" for i in range(6)]
    evil = f"Halden falls {offset}: {EVIL}"
    topics = {"topic": "macro"} if topic else {}
    return [
        *(
            record(
                offset + i, text, [(f"Norvane{offset + i}", "ORG"), ("Turku", "LOC")], sentiment="positive", **topics
            )
            for i, text in enumerate(ups)
        ),
        *(
            record(offset + 10 + i, text, [("Norvane", "ORG"), ("Oslo", "LOC")], sentiment="negative", **topics)
            for i, text in enumerate(downs)
        ),
        record(offset + 20, evil, [("Halden", "ORG"), (EVIL[:8], "LOC")], sentiment="neutral"),
    ]


def save_pipeline(
    folder: Path,
    *,
    name: str = "fake",
    ner: bool = True,
    topic: bool = True,
    tones: dict[str, str] = TONES,
    words: dict[str, str] = NAMES,
) -> None:
    """Save a pipeline that answers by word lists.

    tones (dict): word to its sentiment. words (dict): word to its entity label.
    """
    nlp = spacy.blank("en")
    if ner:
        nlp.add_pipe("word_list_entities", name="ner", config={"words": words})
    labels = ["positive", "negative", "neutral"]
    nlp.add_pipe("word_list_answers", name="sentiment", config={"words": tones, "labels": labels})
    if topic:
        nlp.add_pipe("word_list_answers", name="topic", config={"labels": ["macro", "earnings"]})
    nlp.meta["name"] = name
    nlp.to_disk(folder)


def build_project(
    folder: Path,
    write_domain: Callable[..., Path],
    run_step: Callable[..., Any],
    *,
    test_topic: bool = True,
    asked: list[str] | None = None,
) -> Path:
    """Build `corpus` and `model` in a folder; RETURNS the path of the domain file."""
    for split, offset in (("train", 100), ("dev", 200), ("test", 300)):
        found = records(offset, topic=split != "test" or test_topic)
        if asked is not None and split == "test":
            found = [{**data, "spans": [], "layers": {**data["layers"], "ner": asked}} for data in found]
        lines = [json.dumps(data) for data in found]
        (folder / f"{split}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    files = {split: f"{split}.jsonl" for split in ("train", "dev", "test")}
    path = write_domain(mine={"reader": "jsonl", "files": files, "align": "expand"})
    run = run_step("convert", "--mix", "mine", "--domain", str(path))
    assert run.status == 0, run.out
    save_pipeline(folder / "model")
    return path
