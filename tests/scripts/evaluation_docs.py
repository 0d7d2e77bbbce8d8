"""Gold docs and predictions for the tests of the evaluation, written as marked text."""

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from scripts.docbin import record_to_doc
from scripts.records import make_record

ASKED = ["ORG", "LOC", "MONEY"]


class Maker:
    """Makes gold docs and predictions from texts with words like `Norvane|ORG`."""

    def __init__(self, tokenizer: Language) -> None:
        self.tokenizer = tokenizer
        self.count = 0

    def parse(self, marked: str) -> tuple[str, list[dict[str, Any]]]:
        words, spans, offset = [], [], 0
        for part in marked.split():
            word, _, label = part.partition("|")
            word = word.replace("_", " ")
            if label:
                spans.append({"start": offset, "end": offset + len(word), "label": label})
            words.append(word)
            offset += len(word) + 1
        return " ".join(words), spans

    def gold(self, marked: str, *, asked: list[str] | None = None, source: str = "one", **cats: str) -> Doc:
        """asked (list): the entity labels that were annotated; [] for no entity layer at all."""
        text, spans = self.parse(marked)
        asked = ASKED if asked is None else asked
        self.count += 1
        layers: dict[str, Any] = dict.fromkeys(cats, True) | ({"ner": asked} if asked else {})
        record = make_record(
            {
                "id": f"d-{self.count}",
                "text": text,
                "spans": spans,
                "cats": cats,
                "layers": layers,
                "meta": {"source": source},
            }
        )
        return record_to_doc(record, self.tokenizer)[0]

    def example(self, gold: str, predicted: str, scores: dict[str, float] | None = None, **kwargs: Any) -> Example:
        text, spans = self.parse(predicted)
        doc = self.tokenizer.make_doc(text)
        doc.ents = [doc.char_span(span["start"], span["end"], label=span["label"]) for span in spans]
        doc.cats = scores or {}
        return Example(doc, self.gold(gold, **kwargs))
