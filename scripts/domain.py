"""The domain file (`configs/finance.yml`): labels, classifiers, sources and mixes, validated."""

from pathlib import Path
from typing import Annotated, Any, Literal

import srsly
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bellwether.targets import ENTITY_SENTIMENT, TARGET

from .errors import BadInput
from .records import NER, REFERENCE_DATE, SPAN_LAYERS, Record, describe_validation_error

RECOGNISER = "ner"
# The classifier whose labels the tone towards an entity has too.
TONE = "sentiment"
# Fields of a record that a column can give, beside the classifiers and "meta.NAME".
COLUMN_FIELDS = ("id", "text", "spans", REFERENCE_DATE)
META_PREFIX = "meta."
# Fields of a record and of `doc._`, which a classifier cannot be called.
RESERVED = frozenset({*SPAN_LAYERS, "id", "text", "meta", "spans", "cats", "layers", REFERENCE_DATE})


# A part of a source; "all" is split by a stable hash of the ids.
Part = Literal["all", "train", "dev", "test"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Label(_Strict):
    """A label with what annotators, the LLM prompt and the docs are told about it."""

    definition: str
    example: str


class EntityLabel(Label):
    """`found_by` is the component that finds it: `ner`, or a normalizer."""

    found_by: str


class Classifier(_Strict):
    """An exclusive document classifier."""

    definition: str
    labels: dict[str, Label]


class Source(_Strict):
    """Where records come from, and how their fields and labels map onto ours.

    reader (str): "markup", "jsonl", "json", "csv", "tsv", "parquet", or the name of a module in `scripts/corpora/`.
    files (dict): split ("train", "dev", "test", or "all": split by a stable hash of the id) to paths or globs.
    licence, author, url (str): of the corpus; they go into the meta of every pipeline that is trained on it.
    columns (dict): field of the record ("text", "id", a classifier, or "meta.NAME") to column of the input.
    labels (dict): layer to a table from the input's labels to ours; a label mapped to null is dropped.
    layers (dict): what was annotated, where the input cannot say so itself.
    dev_share (float): share of train that becomes dev where the source has no dev part.
    rows (int | None): take the first rows of the training table only (what follows is not of this corpus).
    unescape_html (bool): turn `&amp;` into `&`; only for texts without annotated spans.
    align (str): what to do with spans that do not align with tokens: "error", "expand", "drop".
    """

    reader: str
    files: dict[Part, list[str]]
    licence: str
    author: str = ""
    url: str = ""
    description: str = ""
    columns: dict[str, str] = {}
    labels: dict[str, dict[str, str | None]] = {}
    layers: dict[str, bool | list[str]] = {}
    dev_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    rows: Annotated[int, Field(ge=1)] | None = None
    unescape_html: bool = False
    align: Literal["error", "expand", "drop"] = "error"

    @model_validator(mode="before")
    @classmethod
    def _one_path(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("files"), dict):
            files = {split: [paths] if isinstance(paths, str) else paths for split, paths in data["files"].items()}
            data = {**data, "files": files}
        return data

    @model_validator(mode="after")
    def _check_columns(self) -> "Source":
        if self.columns and "text" not in self.columns:
            raise ValueError("columns must name the column of the text, such as 'text: headline'")
        if self.unescape_html and "spans" in self.columns:
            raise ValueError("unescape_html would move the spans that a column gives: unescape the texts first")
        return self


class Domain(_Strict):
    """A domain: everything that the code must not know."""

    name: str
    lang: str = "en"
    description: str = ""
    entities: dict[str, EntityLabel]
    classifiers: dict[str, Classifier]
    sources: dict[str, Source] = {}
    mixes: dict[str, list[str]] = {}

    @model_validator(mode="after")
    def _check_references(self) -> "Domain":
        if TARGET in self.entities:
            raise ValueError(f"an entity label cannot be called '{TARGET}': spans of unknown type have this label")
        for name in self.classifiers:
            if not name.isidentifier() or name in RESERVED:
                raise ValueError(
                    f"a classifier cannot be called '{name}': take a word that is none of {', '.join(sorted(RESERVED))}"
                )
        for mix, names in self.mixes.items():
            for name in names:
                if name not in self.sources:
                    raise ValueError(f"mix '{mix}' names the source '{name}', which is not under sources")
        for name, source in self.sources.items():
            for field in source.columns:
                if field not in COLUMN_FIELDS and field not in self.classifiers and not field.startswith(META_PREFIX):
                    raise ValueError(
                        f"source '{name}': columns cannot give '{field}', only "
                        f"{', '.join((*COLUMN_FIELDS, *self.classifiers))} or {META_PREFIX}NAME"
                    )
            for layer, table in source.labels.items():
                known = self.labels_of(layer)
                for label in table.values():
                    if label is not None and label not in known:
                        raise ValueError(f"source '{name}' maps to '{label}', which is not a label of {layer}")
        return self

    @property
    def entity_labels(self) -> list[str]:
        return list(self.entities)

    @property
    def recogniser_labels(self) -> list[str]:
        """The entity labels that the trained recogniser finds."""
        return [name for name, label in self.entities.items() if label.found_by == RECOGNISER]

    def labels_of(self, layer: str, *, record_id: str | None = None) -> list[str]:
        """The labels of a layer: "ner", "entity_sentiment" (those of the classifier `sentiment`) or a classifier.

        RAISES (BadInput): where the domain has no such layer.
        """
        if layer == NER:
            return self.entity_labels
        if layer == ENTITY_SENTIMENT and TONE in self.classifiers:
            layer = TONE
        if layer not in self.classifiers:
            raise BadInput(
                f"unknown layer '{layer}': the domain has {NER}, {', '.join(self.classifiers)}", record_id=record_id
            )
        return list(self.classifiers[layer].labels)

    def check_entity(self, label: str, *, record_id: str | None = None) -> None:
        """Raise BadInput where the domain has no such entity label."""
        if label not in self.entities:
            raise BadInput(
                f"unknown entity label '{label}': the domain has {', '.join(self.entities)}", record_id=record_id
            )

    def check_labels(self, record: Record) -> None:
        """Raise BadInput where the record uses a label or a layer that the domain does not have."""
        for label in record.ner_labels or []:
            self.check_entity(label, record_id=record.id)
        for layer in record.layers:
            self.labels_of(layer, record_id=record.id)
        answers = list(record.cats.items())
        answers += [(ENTITY_SENTIMENT, span.sentiment) for span in record.spans if span.sentiment is not None]
        for layer, label in answers:
            known = self.labels_of(layer, record_id=record.id)
            if label not in known:
                raise BadInput(
                    f"unknown {layer} label '{label}': the domain has {', '.join(known)}", record_id=record.id
                )

    def mix_sources(self, mix: str) -> dict[str, Source]:
        """The sources of a named mix."""
        if mix not in self.mixes:
            raise BadInput(f"unknown mix '{mix}': the domain has {', '.join(self.mixes)}; add yours under 'mixes'")
        return {name: self.sources[name] for name in self.mixes[mix]}


def load_domain(path: Path) -> Domain:
    """Read and validate a domain file.

    RAISES (BadInput): naming the file and the field.
    """
    try:
        return Domain.model_validate(srsly.read_yaml(path))
    except ValidationError as error:
        raise BadInput(describe_validation_error(error), path=path) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot read the domain file: {error}", path=path) from None
