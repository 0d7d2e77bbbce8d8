"""The limit of a compiled pipeline: its encoder's graph alone, fed with full batches that have no padding."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .base import About, Job
from .spacy_pipeline import ENCODER, SpacyPipeline, component_names


class BareEncoder:
    """The graph of a compiled pipeline, in the runtime and precision that the pipeline chose."""

    def __init__(self, path: str, threads: int) -> None:
        """path (str): of the compiled pipeline.

        RAISES (ValueError): where it has no compiled encoder.
        """
        if ENCODER not in component_names(path):
            raise ValueError(f"{path} has no component '{ENCODER}': it is not a compiled pipeline")
        self.pipeline = SpacyPipeline(path, threads, only=ENCODER)

    def about(self) -> About:
        about = self.pipeline.about()
        return About(about.versions, [], about.form)

    def reading(self, texts: Sequence[str], batch_size: int) -> Job:
        encoder = self.pipeline.encoder
        batches = pack(
            self._ids(texts),
            texts=len(texts),
            batch_size=batch_size,
            window=round(encoder.cfg["window"] * self._pieces_per_token(texts)),
            most=encoder.batch_pieces,
        )
        return self._running(batches)

    def reading_one(self, text: str) -> Job:
        return self._running([self._ids([text])[None, :]])

    def _running(self, batches: list[NDArray[np.int64]]) -> Job:
        run = self.pipeline.encoder.runtime.run
        full = [(ids, np.ones_like(ids)) for ids in batches]

        def read() -> None:
            for ids, mask in full:
                run(ids, mask)

        return read

    def _ids(self, texts: Sequence[str]) -> NDArray[np.int64]:
        encodings = self.pipeline.encoder.tokenizer.encode_batch(list(texts))
        return np.concatenate([np.asarray(encoding.ids, np.int64) for encoding in encodings])

    def _pieces_per_token(self, texts: Sequence[str]) -> float:
        few = texts[:32]
        return len(self._ids(few)) / sum(len(self.pipeline.nlp.make_doc(text)) for text in few)


def pack(ids: NDArray[np.int64], *, texts: int, batch_size: int, window: int, most: int) -> list[NDArray[np.int64]]:
    """Lay out the word pieces of some texts in rows of one length, as if all texts were equally long.

    ids: the word pieces of all texts, one after the other. texts (int): how many these are.
    window (int): word pieces that the encoder reads at a time. most (int): word pieces of a batch.
    RETURNS (list): arrays (rows, length): all word pieces (but for what does not divide evenly), no padding.
    """
    mean = len(ids) / texts
    rows_per_text = max(1, round(mean / window))
    length = max(1, int(mean / rows_per_text))
    rows = texts * rows_per_text
    table = ids[: rows * length].reshape(rows, length)
    size = max(1, min(batch_size * rows_per_text, most // length))
    return [table[begin : begin + size] for begin in range(0, rows, size)]
