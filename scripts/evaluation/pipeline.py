"""The pipeline under test: loading it, what it finds, and its predictions."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import spacy
import srsly
from spacy.language import Language
from spacy.pipeline.functions import DocCleaner
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import get_package_path, is_package

from bellwether.attributes import make_dated_doc
from bellwether.targets import copy_targets

from ..domain import Domain
from ..errors import BadInput
from ..progress import progress_bar
from .result import Pipeline


def locate(model: str, option: str = "--model") -> Path:
    """The folder of a pipeline that is named by path or by package.

    option (str): that named it, for the error.
    RAISES (BadInput): where there is none.
    """
    path = Path(model)
    if not path.exists() and is_package(model):
        path = Path(get_package_path(model))
    if not (path / "meta.json").exists():
        raise BadInput(
            f"no pipeline '{model}': it is neither a folder with a meta.json nor an installed package. "
            f"Run the step 'train' first, or name another with {option}"
        )
    return path


def read_meta(model: str, option: str = "--model") -> dict[str, Any]:
    """The meta.json of a pipeline, without loading it."""
    meta: dict[str, Any] = srsly.read_json(locate(model, option) / "meta.json")
    return meta


def load_pipeline(model: str, option: str = "--model") -> Language:
    """Load a pipeline by path or package name.

    option (str): that named it, for the error.
    RAISES (BadInput): where it is missing or does not load, with spaCy's reason.
    """
    locate(model, option)
    try:
        return spacy.load(model)
    except (OSError, ValueError, ImportError) as error:
        raise BadInput(f"the pipeline '{model}' does not load: {error}") from error


def describe(nlp: Language, model: str) -> Pipeline:
    meta = nlp.meta
    name = f"{meta['lang']}_{meta['name']}"
    return Pipeline(name, meta["version"], model, meta.get("description", ""), list(nlp.pipe_names))


@dataclass(frozen=True)
class Findings:
    """What a pipeline answers, in the domain's words and order.

    not_found (dict): entity label to the component that would find it. missing (list): classifiers that the pipeline
        has not.
    """

    recogniser: list[str]
    normalizers: list[str]
    not_found: dict[str, str]
    classifiers: list[str]
    missing: list[str]


def finds(nlp: Language, component: str, label: str) -> bool:
    """Whether the pipeline has the component, and the component knows the label (or does not say what it knows)."""
    if component not in nlp.pipe_names:
        return False
    labels = nlp.pipe_labels.get(component)
    return not labels or label in labels


def findings(nlp: Language, domain: Domain) -> Findings:
    """Match the domain with the components of the pipeline."""
    recogniser = frozenset(domain.recogniser_labels)
    found = [name for name, label in domain.entities.items() if finds(nlp, label.found_by, name)]
    return Findings(
        recogniser=[name for name in found if name in recogniser],
        normalizers=[name for name in found if name not in recogniser],
        not_found={name: label.found_by for name, label in domain.entities.items() if name not in found},
        classifiers=[name for name in domain.classifiers if name in nlp.pipe_names],
        missing=[name for name in domain.classifiers if name not in nlp.pipe_names],
    )


def predict(nlp: Language, references: list[Doc]) -> tuple[list[Example], float]:
    """Run the pipeline on the raw texts, as a user would: with its own tokenizer, and with the reference date of the
    document.

    Texts go in by length, which saves padding. RETURNS (tuple): examples in the order of the references, and seconds.
    """
    order = sorted(range(len(references)), key=lambda position: len(references[position]))
    docs = []
    for position in order:
        doc = make_dated_doc(nlp, references[position].text, references[position]._.reference_date)
        copy_targets(references[position], doc)
        docs.append(doc)
    # The encoder's output is large and no longer needed.
    attributes = {"tensor": None, "_.trf_data": None} if Doc.has_extension("trf_data") else {"tensor": None}
    cleaner = DocCleaner(attributes, silent=True)
    examples: list[Example | None] = [None] * len(references)
    begin = perf_counter()
    for position, doc in zip(
        order, progress_bar(nlp.pipe(docs), total=len(docs), desc="Predicting", unit=" docs"), strict=True
    ):
        examples[position] = Example(cleaner(doc), references[position])
    seconds = perf_counter() - begin
    return [example for example in examples if example is not None], seconds
