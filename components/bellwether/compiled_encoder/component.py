"""The component `compiled_encoder`: token vectors from a compiled graph, for the `Tok2VecListener` of every head."""

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import srsly
from spacy.language import Language
from spacy.pipeline.pipe import Pipe
from spacy.tokens import Doc
from spacy.util import minibatch, raise_error

from .forms import AUTO, Form, choose_form
from .pieces import add_token_sums, make_batches, mean_of_sums, read_pieces
from .runtimes import Files, Floats, Runtime, graph_files, open_runtime

logger = logging.getLogger(__name__)

SETTINGS, TOKENIZER = "settings.json", "tokenizer.json"
# In the meta of a loaded pipeline: the form that was chosen, and those that there are.
META_KEY = "compiled_encoder"
# Padded lengths are multiples of this: a runtime prepares itself anew for every shape that it has not seen.
_MULTIPLE = 4
# Small batches have little padding: 128 sentences of a mix of corpora get 16 % more pieces than they have, and in
# batches of 2,048 pieces 46 % more, which takes a fifth longer.
_BATCH_PIECES = 512
# Opened by the parent of a forked process: to close them there would wait for threads that only the parent has.
_inherited: list[Runtime] = []


@Language.factory(
    "compiled_encoder",
    assigns=["doc.tensor"],
    default_config={
        "runtime": AUTO,
        "precision": AUTO,
        "threads": 0,
        "window": 128,
        "stride": 96,
        "batch_pieces": _BATCH_PIECES,
    },
)
def make_compiled_encoder(
    nlp: Language,
    name: str,
    runtime: str,
    precision: str,
    threads: int,
    window: int,
    stride: int,
    batch_pieces: int,
) -> "CompiledEncoder":
    """
    runtime (str): "openvino", "onnxruntime", or "auto" for what the pipeline has and is installed.
    precision (str): "fp32", "bf16", "int8", or "auto" for the best one on this processor.
    threads (int): to compute with; 0: as many as the runtime takes by itself, one a core.
    window (int), stride (int): tokens that the encoder reads at a time, and from the begin of one window to the next's.
    batch_pieces (int): most word pieces that go through the encoder together, padding included.
    """
    return CompiledEncoder(
        name,
        meta=nlp.meta,
        runtime=runtime,
        precision=precision,
        threads=threads,
        window=window,
        stride=stride,
        batch_pieces=batch_pieces,
    )


class CompiledEncoder(Pipe):
    """Writes `doc.tensor`, (tokens, width): for each token the mean vector of its word pieces, float32.

    It gives what the `transformer` gave that it was compiled from, within the precision of its form, and cannot be
    trained. It is loaded with a pipeline, or made by `python -m scripts compile`.
    """

    def __init__(
        self,
        name: str = "compiled_encoder",
        *,
        meta: dict[str, Any] | None = None,
        runtime: str = AUTO,
        precision: str = AUTO,
        threads: int = 0,
        window: int = 128,
        stride: int = 96,
        batch_pieces: int = _BATCH_PIECES,
    ) -> None:
        """See `make_compiled_encoder`. meta (dict | None): of the pipeline, to which the chosen form is written."""
        for setting, value, least in (
            ("threads", threads, 0),
            ("window", window, 1),
            ("stride", stride, 1),
            ("batch_pieces", batch_pieces, 1),
        ):
            if value < least:
                raise ValueError(f"{name}: {setting} must be at least {least}, got {value!r}")
        if stride > window:
            raise ValueError(f"{name}: stride must be at most window, {window}, or tokens are left out, got {stride!r}")
        self.name = name
        self.cfg: dict[str, Any] = {"runtime": runtime, "precision": precision, "window": window, "stride": stride}
        self.batch_pieces = batch_pieces
        self._threads = threads
        self._meta = meta
        self._settings: dict[str, Any] = {}
        self._files: dict[str, Path | bytes] = {}
        self._tokenizer: Any = None
        self._form: Form | None = None
        self._runtime: Runtime | None = None
        self._process = 0

    @property
    def is_trainable(self) -> bool:
        """RETURNS (bool): False; train the pipeline that it was compiled from."""
        return False

    @property
    def forms(self) -> list[Form]:
        """The forms that this encoder has."""
        return [Form.parse(name) for name in self._settings.get("forms", {})]

    @property
    def form(self) -> Form:
        """The form that is used. RAISES (ValueError): nothing is loaded."""
        if self._form is None:
            raise ValueError(
                f"{self.name}: there is no encoder yet: load a compiled pipeline, or make one of a trained one with "
                "python -m scripts compile"
            )
        return self._form

    @property
    def width(self) -> int:
        """Numbers of a token's vector."""
        return int(self._settings["width"])

    @property
    def tokenizer(self) -> Any:
        """The word-piece tokenizer (tokenizers.Tokenizer)."""
        return self._tokenizer

    @property
    def threads(self) -> int:
        """Threads that the encoder computes with; 0: the runtime's own choice."""
        return self._threads

    @threads.setter
    def threads(self, value: int) -> None:
        if value < 0:
            raise ValueError(f"{self.name}: threads must be at least 0, got {value!r}")
        if value != self._threads:
            self._threads = value
            self._close()

    @property
    def runtime(self) -> Runtime:
        """The opened graph. Opened anew in a forked process, whose parent's threads it has not."""
        if self._runtime is None or self._process != os.getpid():
            self._close()
            self._runtime = open_runtime(self._files, self.form, self._threads)
            self._process = os.getpid()
        return self._runtime

    def _close(self) -> None:
        if self._runtime is not None and self._process != os.getpid():
            _inherited.append(self._runtime)
        self._runtime = None

    def __call__(self, doc: Doc) -> Doc:
        """Write the tensor of one doc."""
        self.set_annotations([doc], self.predict([doc]))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Write the tensors of a stream of docs, in their order; within a batch they are read by length."""
        handle_error: Callable[..., Any] = self.get_error_handler()
        for docs in minibatch(stream, batch_size):
            try:
                self.set_annotations(docs, self.predict(docs))
            except Exception as error:
                # One doc at a time, so that the others of the batch are not lost.
                if len(docs) == 1 or handle_error is raise_error:
                    handle_error(self.name, self, docs, error)
                    continue
                yield from self._pipe_singly(docs, handle_error)
            else:
                yield from docs

    def _pipe_singly(self, docs: list[Doc], handle_error: Callable[..., Any]) -> Iterator[Doc]:
        for doc in docs:
            try:
                self.set_annotations([doc], self.predict([doc]))
            except Exception as error:
                handle_error(self.name, self, [doc], error)
            else:
                yield doc

    def predict(self, docs: list[Doc]) -> list[Floats]:
        """RETURNS (list): the token vectors of each doc, (tokens, width)."""
        runtime, settings = self.runtime, self._settings
        pieces = read_pieces(
            docs,
            self._tokenizer,
            window=self.cfg["window"],
            stride=self.cfg["stride"],
            max_pieces=settings["max_pieces"],
        )
        sums = np.zeros((len(pieces.counts), self.width), np.float32)
        for batch in make_batches(pieces, size=self.batch_pieces, pad_id=settings["pad_id"], multiple=_MULTIPLE):
            add_token_sums(sums, batch, runtime.run(batch.input_ids, batch.attention_mask))
        means = mean_of_sums(sums, pieces.counts)
        return np.split(means, np.cumsum([len(doc) for doc in docs])[:-1])

    def set_annotations(self, docs: list[Doc], tensors: list[Floats]) -> None:
        """Write `doc.tensor`."""
        for doc, tensor in zip(docs, tensors, strict=True):
            doc.tensor = tensor

    def load(self, files: Files) -> None:
        """Take over the files of an encoder, and open the form that suits the processor.

        RAISES (ValueError): where no form does, or its runtime is not installed; (OSError): where a file is missing.
        """
        self._files = dict(files)
        self._settings = json.loads(self._read(SETTINGS))
        # spaCy imports this module whenever it makes a pipeline, in environments without tokenizers too.
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_str(self._read(TOKENIZER).decode("utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._close()
        self._form = choose_form(self.forms, runtime=self.cfg["runtime"], precision=self.cfg["precision"])
        self.runtime  # noqa: B018  (opened now: what is wrong with a file shows when a pipeline is loaded)
        logger.info("%s: %s, one of %s", self.name, self.form, ", ".join(map(str, self.forms)))
        if self._meta is not None:
            self._meta[META_KEY] = {"form": str(self.form), "forms": self._settings["forms"]}

    def _read(self, name: str) -> bytes:
        file = self._files.get(name)
        if file is None:
            raise FileNotFoundError(f"{self.name}: the file {name} is missing")
        return file.read_bytes() if isinstance(file, Path) else file

    def file_names(self) -> list[str]:
        """The names of the files that the component is saved in."""
        if self._form is None:
            return []
        graphs = dict.fromkeys(name for form in self.forms for name in graph_files(form))
        return [SETTINGS, TOKENIZER, *graphs]

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the graphs of all forms, the tokenizer and the settings to a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.file_names():
            file, target = self._files[name], folder / name
            if not isinstance(file, Path):
                target.write_bytes(file)
            elif not (target.exists() and target.samefile(file)):
                shutil.copyfile(file, target)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "CompiledEncoder":
        """Load from a folder. It must stay where it is while the pipeline is used."""
        self.load({file.name: file for file in Path(path).resolve().iterdir()} if Path(path).is_dir() else {})
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """RETURNS (bytes): the files, with their content."""
        data: bytes = srsly.msgpack_dumps({name: self._read(name) for name in self.file_names()})
        return data

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> "CompiledEncoder":
        """Load what `to_bytes` gave."""
        files = srsly.msgpack_loads(bytes_data)
        if files:
            self.load(files)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process needs: an opened graph cannot go there."""
        return _restore, ({**self.__dict__, "_runtime": None, "_meta": None},)


def _restore(state: dict[str, Any]) -> CompiledEncoder:
    encoder = CompiledEncoder.__new__(CompiledEncoder)
    encoder.__dict__.update(state)
    return encoder
