"""An earlier release of the pipeline, run on the same test documents."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.training import Example

from bellwether.targets import ENTITY_SENTIMENT

from ..domain import Domain
from ..records import NER
from .corpus import TEST, load_corpus
from .pipeline import Findings, describe, findings, load_pipeline, predict
from .result import CorpusInfo, Pipeline

PREVIOUS = "previous"


@dataclass(frozen=True)
class Previous:
    """An earlier release and its answers.

    examples (list): its answers to the test documents, in their order, against gold docs of its own vocabulary.
    leak (str | None): a remark on whether it may have been trained on these documents.
    """

    pipeline: Pipeline
    found: Findings
    examples: list[Example]
    leak: str | None

    @property
    def description(self) -> str:
        return f"{self.pipeline.name} {self.pipeline.version} from {self.pipeline.path}"

    @property
    def judges_entities(self) -> bool:
        """Whether it says the tone towards entities."""
        return ENTITY_SENTIMENT in self.pipeline.components


def stored_sha256(meta: dict[str, Any]) -> dict[str, str]:
    """The sha256 of the corpus that a pipeline was made from, by split, as far as `package`, `train` and `calibrate`
    have stored it in its meta.json."""
    found: dict[str, str] = {}
    for entry in (meta.get("training"), meta.get("bellwether")):
        sha256 = entry.get("corpus_sha256") if isinstance(entry, dict) else None
        if isinstance(sha256, dict):
            found |= sha256
    calibration = meta.get("calibration")
    if isinstance(calibration, dict) and {"split", "corpus_sha256"} <= set(calibration):
        found.setdefault(calibration["split"], calibration["corpus_sha256"])
    return found


def leak_remark(name: str, meta: dict[str, Any], sha256: dict[str, str]) -> str | None:
    """What a reader must know about a pipeline and the test split of a corpus.

    meta (dict): its meta.json. sha256 (dict): of the records of the corpus, by split.
    RETURNS (str | None): None where its own corpus kept these test documents apart.
    """
    stored = stored_sha256(meta)
    used = [split for split, digest in stored.items() if split != TEST and digest == sha256[TEST]]
    if used:
        return (
            f"The previous release {name} was made with these very test documents (they were its split "
            f"“{'”, “'.join(used)}”): its scores are too good, and a lead of it means nothing."
        )
    if any(sha256.get(split) == digest for split, digest in stored.items()):
        return None
    if stored:
        return (
            f"The previous release {name} was made from another build of the corpus, so that some of these test "
            "documents may have been among its training documents: its scores may be too good."
        )
    return (
        f"The previous release {name} does not say which corpus it was made from, so that it cannot be told whether "
        "these test documents were among its training documents."
    )


def run_previous(model: str, info: CorpusInfo, domain: Domain) -> Previous:
    """Load an earlier release and run it on the test documents.

    model (str): a folder, or the name of an installed package. info (CorpusInfo): of the corpus to test it on.
    RAISES (BadInput): where it is missing or does not load.
    """
    nlp = load_pipeline(model, option="--previous")
    examples, _ = predict(nlp, load_corpus(Path(info.path), nlp.vocab, (TEST,)).docs[TEST])
    pipeline = describe(nlp, model)
    leak = leak_remark(f"{pipeline.name} {pipeline.version}", nlp.meta, info.sha256)
    return Previous(pipeline, findings(nlp, domain), examples, leak)


def previous_remarks(previous: Previous, found: Findings, *, tones: bool) -> list[str]:
    """What of the pipeline cannot be compared with the earlier release, or only in part, and why.

    tones (bool): the pipeline says the tone towards entities.
    """
    names = {NER: not previous.found.recogniser} if found.recogniser else {}
    names |= {name: name not in previous.found.classifiers for name in found.classifiers}
    if tones:
        names[ENTITY_SENTIMENT] = not previous.judges_entities
    remarks = [
        f"The previous release has no component “{name}”, which is not compared with it."
        for name, is_lacking in names.items()
        if is_lacking
    ]
    unknown = [label for label in found.recogniser if label not in previous.found.recogniser]
    if previous.found.recogniser and unknown:
        remarks.append(
            f"The previous release does not know these entity labels, which count as missed: {', '.join(unknown)}."
        )
    return remarks if previous.leak is None else [*remarks, previous.leak]
