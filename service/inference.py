"""Loads the pipeline and runs it, in one thread of its own.

One thread, because `nlp.memory_zone()` is not thread-safe, and because the event loop must stay free to answer. Whoever
wants texts analysed, over whatever protocol, awaits `Analyzer.analyze`.
"""

import asyncio
import datetime
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import spacy
from spacy.language import Language

from bellwether.attributes import make_dated_doc
from bellwether.threads import set_threads

from .analysis import analysis_of_doc
from .schemas import DocumentAnalysis, PipelineDetails

WARM_UP_TEXT = "The first text takes longest."


class PipelineNotFound(Exception):
    """There is no such package and no such folder; the message says what to do."""


class PipelineFailed(Exception):
    """A component raised an error; the message is the traceback, as text.

    The error itself may hold docs, which must not outlive the memory zone that they were made in.
    """


@dataclass(frozen=True)
class Job:
    """One text to analyse."""

    text: str
    reference_date: datetime.date | None = None


@dataclass(frozen=True)
class LoadedPipeline:
    """A pipeline that works, and what it says about itself."""

    nlp: Language
    details: PipelineDetails
    labels: dict[str, list[str]]


class Analyzer:
    """The pipeline and its thread: `start`, then `analyze` once `status` is "ready", at the end `close`."""

    def __init__(self, name: str, *, threads: int = 1) -> None:
        """
        name (str): installed package or folder of the pipeline.
        threads (int): threads of the pipeline's encoder.
        """
        self.name = name
        self.threads = threads
        self.status: Literal["loading", "ready", "failed"] = "loading"
        self._loaded: LoadedPipeline | None = None
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")

    @property
    def loaded(self) -> LoadedPipeline:
        """The pipeline. RAISES (RuntimeError): it is not loaded."""
        if self._loaded is None:
            raise RuntimeError(f"the pipeline {self.name} is not loaded")
        return self._loaded

    async def start(self) -> None:
        """Load the pipeline. RAISES (Exception): it does not load, or does not analyse a first text."""
        try:
            loop = asyncio.get_running_loop()
            self._loaded = await loop.run_in_executor(self._executor, load_pipeline, self.name, self.threads)
        except Exception:
            self.status = "failed"
            raise
        self.status = "ready"

    async def analyze(self, jobs: Sequence[Job]) -> list[DocumentAnalysis]:
        """RETURNS (list): one analysis a job, in their order. RAISES (PipelineFailed): a component raised an error."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, analyze_batch, self.loaded.nlp, jobs)

    def close(self) -> None:
        """Let the running batch finish and drop those that wait."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def check_pipeline_exists(name: str) -> None:
    """RAISES (PipelineNotFound): `name` is neither an installed package nor the folder of a pipeline."""
    folder = Path(name)
    if spacy.util.is_package(name) or (folder / "config.cfg").is_file():
        return
    if folder.is_dir():
        found = f"The folder '{name}' holds no pipeline (no config.cfg)"
    else:
        found = f"There is no pipeline '{name}', neither an installed package nor a folder"
    raise PipelineNotFound(
        f"{found}: install its wheel (pip install --find-links packages NAME) or name the folder of a trained one "
        "(--pipeline training/model-best)."
    )


def load_pipeline(name: str, threads: int) -> LoadedPipeline:
    """Load a pipeline and let it analyse a first text, so that one that is returned does work.

    Runs in the thread that will use the pipeline: PyTorch keeps its number of threads per thread.
    """
    check_pipeline_exists(name)
    nlp = spacy.load(name)
    set_threads(nlp, threads)
    analyze_batch(nlp, [Job(WARM_UP_TEXT)])
    return LoadedPipeline(nlp, describe(nlp), labels_of(nlp))


def analyze_batch(nlp: Language, jobs: Sequence[Job]) -> list[DocumentAnalysis]:
    """Analyse texts inside one memory zone, so that the words of the texts are forgotten with it.

    RETURNS (list): one analysis a job, in their order. RAISES (PipelineFailed): a component raised an error.
    """
    with nlp.memory_zone():
        docs = (make_dated_doc(nlp, job.text, job.reference_date) for job in jobs)
        try:
            return [analysis_of_doc(doc) for doc in nlp.pipe(docs)]
        except Exception:
            failure = traceback.format_exc()
    raise PipelineFailed(failure)


def describe(nlp: Language) -> PipelineDetails:
    """What the pipeline says about itself."""
    return PipelineDetails(
        name=f"{nlp.meta['lang']}_{nlp.meta['name']}",
        version=nlp.meta["version"],
        language=nlp.meta["lang"],
        description=nlp.meta.get("description", ""),
        components=nlp.pipe_names,
    )


def labels_of(nlp: Language) -> dict[str, list[str]]:
    """The labels of every component that has some."""
    return {name: list(labels) for name, labels in nlp.pipe_labels.items() if labels}
