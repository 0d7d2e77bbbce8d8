"""A pipeline of spaCy: ours, compiled or trainable."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import get_package_path, load_config

from bellwether.threads import set_threads

from ....evaluation.provenance import installed_versions
from .base import About, Job

ENCODER = "compiled_encoder"
TOKENIZER = "tokenizer"
# Of the component `compiled_encoder`.
GRAPH, AROUND = f"{ENCODER}: graph", f"{ENCODER}: pieces, pooling"


class SpacyPipeline:
    """All components of a pipeline, from text to doc."""

    def __init__(self, path: str, threads: int, *, only: str | None = None) -> None:
        """path (str): folder or name of the pipeline. only (str | None): the one component to load; None: all."""
        exclude = [name for name in component_names(path) if name != only] if only else []
        self.nlp: Language = spacy.load(Path(path) if Path(path).exists() else path, exclude=exclude)
        set_threads(self.nlp, threads)

    def about(self) -> About:
        names = ["spacy", "numpy"]
        names += [
            name for name in ("torch", "transformers", "openvino", "onnxruntime") if sys.modules.get(name) is not None
        ]
        form = str(self.encoder.form) if self.encoder is not None else None
        return About(installed_versions(*names), list(self.nlp.pipe_names), form)

    @property
    def encoder(self) -> Any:
        """The component `compiled_encoder`; None where the pipeline has none."""
        return self.nlp.get_pipe(ENCODER) if ENCODER in self.nlp.pipe_names else None

    def reading(self, texts: Sequence[str], batch_size: int) -> Job:
        def read() -> None:
            for _ in self.nlp.pipe(texts, batch_size=batch_size):
                pass

        return read

    def reading_one(self, text: str) -> Job:
        return lambda: self.nlp(text)

    def time_components(self, texts: Sequence[str], batch_size: int) -> dict[str, float]:
        """Let one component after the other read all texts, in batches.

        RETURNS (dict): seconds of the processor by component; that of a compiled encoder in two parts.
        """
        seconds = {}
        start = process_time()
        docs = [self.nlp.make_doc(text) for text in texts]
        seconds[TOKENIZER] = process_time() - start
        for name, component in self.nlp.pipeline:
            if component is self.encoder:
                docs, seconds[GRAPH], seconds[AROUND] = self._time_encoder(docs, batch_size)
                continue
            start = process_time()
            docs = list(_annotated(component, docs, batch_size))
            seconds[name] = process_time() - start
        return seconds

    def _time_encoder(self, docs: list[Doc], batch_size: int) -> tuple[list[Doc], float, float]:
        runtime = self.encoder.runtime
        run: Callable[..., Any] = runtime.run
        inside = 0.0

        def timed(*arguments: Any) -> Any:
            nonlocal inside
            start = process_time()
            output = run(*arguments)
            inside += process_time() - start
            return output

        runtime.run = timed
        try:
            start = process_time()
            docs = list(_annotated(self.encoder, docs, batch_size))
            total = process_time() - start
        finally:
            del runtime.run  # that of the class again
        return docs, inside, total - inside

    def read_and_forget(self, texts: Sequence[str], batch_size: int) -> None:
        """Read the texts, each batch in a memory zone, as the service does."""
        for begin in range(0, len(texts), batch_size):
            with self.nlp.memory_zone():
                for _ in self.nlp.pipe(texts[begin : begin + batch_size], batch_size=batch_size):
                    pass


def component_names(path: str) -> list[str]:
    """The components of a pipeline, without loading it. path (str): folder or name."""
    folder = Path(path) if Path(path).exists() else get_package_path(path)
    file = next(file for file in (folder / "config.cfg", *folder.glob("*/config.cfg")) if file.exists())
    names: list[str] = load_config(file)["nlp"]["pipeline"]
    return names


def _annotated(component: Any, docs: list[Doc], batch_size: int) -> Iterable[Doc]:
    if hasattr(component, "pipe"):
        annotated: Iterable[Doc] = component.pipe(docs, batch_size=batch_size)
        return annotated
    return map(component, docs)
