"""The model card: one Markdown file with what a user must know, and front matter as Hugging Face reads it."""

from pathlib import Path
from typing import Any

import srsly

from ..domain import Domain
from ..files import write_text
from ..licences import pipeline_licence
from .figures import SYSTEMS
from .limits import find_limits
from .report import make_environment
from .result import MODEL_CARD, CorpusInfo, Evaluation

TEMPLATE = "model_card.md.jinja"
HUB = "https://huggingface.co/datasets/"
# The licences that `pipeline_licence` gives, as Hugging Face calls them.
LICENCES = {"Apache-2.0": "apache-2.0"}


def trained_sources(corpus: CorpusInfo) -> dict[str, dict[str, Any]]:
    """The sources that gave training documents."""
    return {name: source for name, source in corpus.sources.items() if source["documents"].get("train")}


def licence_of(corpus: CorpusInfo) -> str:
    """The licence that `package` gives the pipeline."""
    return pipeline_licence(sorted({source["licence"] for source in corpus.sources.values()}))


def dataset_id(name: str, source: dict[str, Any]) -> str:
    """The name of a data set on the hub, or ours where it is not there."""
    url = str(source.get("url", ""))
    return url.removeprefix(HUB).strip("/") if url.startswith(HUB) else name


def hub_results(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The main scores by task, as the `model-index` of a card has them."""
    corpus = evaluation.corpus
    dataset = {"name": f"{corpus.domain}, mix {corpus.mix}, {evaluation.run.split}", "type": corpus.mix}
    tasks: list[tuple[str, str, dict[str, float | None]]] = []
    if evaluation.entities is not None and evaluation.entities.recogniser is not None:
        micro = evaluation.entities.recogniser.micro
        scores = {"precision": micro.precision.value, "recall": micro.recall.value, "f1": micro.f1.value}
        tasks.append(("token-classification", "NER", scores))
    for name, classifier in evaluation.classifiers.items():
        scores = {"accuracy": classifier.accuracy.value, "f1": classifier.table.macro.f1.value}
        tasks.append(("text-classification", name, scores))
    return [
        {
            "task": {"type": kind, "name": name},
            "dataset": dict(dataset),
            "metrics": [
                {"type": metric, "value": round(value, 4)} for metric, value in scores.items() if value is not None
            ],
        }
        for kind, name, scores in tasks
    ]


def front_matter(evaluation: Evaluation, domain: Domain) -> dict[str, Any]:
    """What stands between the lines of dashes; see https://huggingface.co/docs/hub/model-cards."""
    licence = licence_of(evaluation.corpus)
    results = hub_results(evaluation)
    kinds = list(dict.fromkeys(result["task"]["type"] for result in results))
    return {
        "language": [domain.lang],
        "license": LICENCES.get(licence, "other"),
        **({} if licence in LICENCES else {"license_name": "research-only"}),
        "library_name": "spacy",
        "tags": ["spacy", "bellwether", domain.name, *kinds],
        "datasets": [dataset_id(name, source) for name, source in trained_sources(evaluation.corpus).items()],
        "metrics": list(dict.fromkeys(metric["type"] for result in results for metric in result["metrics"])),
        "model-index": [{"name": evaluation.pipeline.name, "results": results}],
    }


def cell(text: Any) -> str:
    """Text for one cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def render_card(evaluation: Evaluation, domain: Domain) -> str:
    """The card as Markdown."""
    environment = make_environment(autoescape=False)
    environment.filters["cell"] = cell
    licence = licence_of(evaluation.corpus)
    return environment.get_template(TEMPLATE).render(
        evaluation=evaluation,
        domain=domain,
        front_matter=srsly.yaml_dumps(front_matter(evaluation, domain)).strip(),
        licence=licence,
        restricted=licence not in LICENCES,
        sources=trained_sources(evaluation.corpus),
        limits=find_limits(evaluation),
        level=round(evaluation.run.confidence * 100),
        systems=SYSTEMS,
    )


def write_card(evaluation: Evaluation, domain: Domain, out: Path) -> Path:
    """Write `model_card.md`. RETURNS (Path): where it is."""
    path = out / MODEL_CARD
    write_text(path, render_card(evaluation, domain))
    return path
