"""How the shared encoder is trained: `bellwether.batch_by_pieces.v1`, in what batches, and
`bellwether.train_encoder.v1`, with what precision, and what it reads of a link.

Nothing here imports PyTorch or transformers before it is used for training.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any, Literal, TypeVar, get_args

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from thinc.api import Model

Precision = Literal["auto", "float32", "bfloat16"]
Item = TypeVar("Item", Doc, Example)

# Special pieces around each text.
_SPECIAL_PIECES = 2
# What counts as a link.
LINK = re.compile(r"(?:https?://|www\.)\S+")
_LINK_PIECE = "link"


def shorten_links(tokenizer: Any) -> None:
    """Make a fast tokenizer of transformers read every link as the one word "link".

    The code in a short link of a post says nothing and takes a dozen word pieces, a third of all in the tweets of our
    corpora. The offsets of the piece are those of the link, and the tokenizer is saved as it is, so that a trained
    pipeline reads as it was trained.

    RAISES (ValueError): where the tokenizer is not a fast one.
    """
    from tokenizers import Regex, normalizers

    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ValueError("links can be shortened by a fast tokenizer only; set initialize.after_init.links = false")
    replace = normalizers.Replace(Regex(LINK.pattern), _LINK_PIECE)
    rest = [] if backend.normalizer is None else [backend.normalizer]
    backend.normalizer = normalizers.Sequence([replace, *rest])


@registry.batchers("bellwether.batch_by_pieces.v1")
def make_batcher(
    encoder: str, size: int, buffer: int = 1024, links: bool = True, seed: int = 0
) -> Callable[[Iterable[Any]], Iterator[list[Any]]]:
    """Batches of texts of similar length, in word pieces with padding, which is what the encoder's time goes with.

    encoder (str): the encoder's name or folder, for its tokenizer.
    size (int): pieces of a batch, padding included; a single text may have more.
    buffer (int): so many examples are sorted by length and cut into batches, which come in random order.
    links (bool): whether the encoder reads links as one word (`shorten_links`).
    """
    return PieceBatcher(encoder, size, buffer, links, seed)


class PieceBatcher:
    """See `make_batcher`. Counts the pieces of a text once."""

    def __init__(self, encoder: str, size: int, buffer: int, links: bool, seed: int) -> None:
        for name, value in (("size", size), ("buffer", buffer)):
            if value < 1:
                raise ValueError(f"bellwether.batch_by_pieces.v1: {name} must be at least 1, got {value!r}")
        self.encoder = encoder
        self.size = size
        self.buffer = buffer
        self.links = links
        self.random = random.Random(seed)
        self._tokenizer: Any = None
        self._counts: dict[str, int] = {}

    def __call__(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        """items (Iterable): docs or examples."""
        stream = iter(items)
        while chunk := list(islice(stream, self.buffer)):
            batches = list(self._cut(chunk))
            self.random.shuffle(batches)
            yield from batches

    def _cut(self, items: list[Item]) -> Iterator[list[Item]]:
        docs = [item.predicted if isinstance(item, Example) else item for item in items]
        counts = self.count_pieces([doc.text for doc in docs])
        batch: list[Item] = []
        for row in sorted(range(len(items)), key=counts.__getitem__):
            if batch and counts[row] * (len(batch) + 1) > self.size:
                yield batch
                batch = []
            batch.append(items[row])
        if batch:
            yield batch

    def count_pieces(self, texts: list[str]) -> list[int]:
        """The word pieces of each text, with the special ones around it."""
        unknown = list(dict.fromkeys(text for text in texts if text not in self._counts))
        if unknown:
            if self._tokenizer is None:
                from transformers import AutoTokenizer

                self._tokenizer = AutoTokenizer.from_pretrained(self.encoder)
                if self.links:
                    shorten_links(self._tokenizer)
            encoded = self._tokenizer(unknown, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
            for text, pieces in zip(unknown, encoded, strict=True):
                self._counts[text] = len(pieces) + _SPECIAL_PIECES
        return [self._counts[text] for text in texts]


@registry.callbacks("bellwether.train_encoder.v1")
def make_train_encoder(
    precision: Precision = "auto", links: bool = True, mask_rate: float = 0.0
) -> Callable[[Language], Language]:
    """For `initialize.after_init`: how the encoder is trained.

    precision (str): of the encoder's matrix products in training and in the evaluations between; "auto" is bfloat16
        where the processor has instructions for it, else float32. Weights, gradients and their updates stay float32,
        and what is saved does not depend on it. On a GPU use the transformer's own `mixed_precision`.
    links (bool): read every link as one word (`shorten_links`); this is saved with the pipeline.
    mask_rate (float): 0..1; this share of the word pieces is hidden behind the mask in training, so that the heads
        learn to answer from the rest (word dropout, Dai and Le 2015, "Semi-supervised sequence learning").
    """
    check_precision(precision)
    if not 0.0 <= mask_rate < 1.0:
        raise ValueError(f"bellwether.train_encoder.v1: mask_rate must be at least 0 and below 1, got {mask_rate!r}")
    return partial(_prepare_encoders, precision=precision, links=links, mask_rate=mask_rate)


def _prepare_encoders(nlp: Language, *, precision: Precision, links: bool, mask_rate: float) -> Language:
    for shim in encoder_shims(nlp):
        module, tokenizer = shim._model, shim._hfmodel.tokenizer
        # Averaged weights are those that have a gradient: all but the pooler's, which nobody reads.
        module.load_state_dict = partial(module.load_state_dict, strict=False)
        if mask_rate:
            if tokenizer.mask_token_id is None:
                raise ValueError("this encoder's tokenizer has no mask; set initialize.after_init.mask_rate = 0")
            module.forward = Masked(module, tokenizer.mask_token_id, tokenizer.all_special_ids, mask_rate)
        if shim.device.type == "cpu" and uses_bfloat16(precision):
            module.forward = Autocast(module.forward)
        if links:
            shorten_links(tokenizer)
    return nlp


def encoder_shims(nlp: Language) -> Iterator[Any]:
    """What holds the PyTorch module and the tokenizer of each transformer of a pipeline."""
    for _, pipe in nlp.pipeline:
        if isinstance(getattr(pipe, "model", None), Model):
            for node in pipe.model.walk():
                yield from (shim for shim in node.shims if getattr(shim, "_hfmodel", None) is not None)


def check_precision(precision: str) -> None:
    """RAISES (ValueError): on a name that is not one of `Precision`."""
    if precision not in get_args(Precision):
        raise ValueError(f"precision must be one of {', '.join(get_args(Precision))}, got {precision!r}")


def uses_bfloat16(precision: Precision) -> bool:
    """Whether a CPU is to multiply matrices in bfloat16: "auto" asks whether it can in hardware (AVX-512 BF16, AMX, or
    Arm's BF16)."""
    if precision != "auto":
        return precision == "bfloat16"
    import torch

    read = getattr(torch.cpu, "get_capabilities", None)
    capabilities = read() if read is not None else {}
    return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16"))


class Autocast:
    """A module's `forward` with bfloat16 in matrix products; its outputs are float32, as numpy has no bfloat16."""

    def __init__(self, forward: Callable[..., Any]) -> None:
        self.forward = forward

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = self.forward(*args, **kwargs)
        for key, value in output.items():
            if isinstance(value, torch.Tensor) and value.dtype == torch.bfloat16:
                output[key] = value.float()
        return output


class Masked:
    """A module's `forward` that hides some word pieces while the module is in training."""

    def __init__(self, module: Any, mask: int, special: list[int], rate: float) -> None:
        self.module = module
        self.forward = module.forward
        self.mask = mask
        self.special = special
        self.rate = rate

    def __call__(self, *args: Any, input_ids: Any, **kwargs: Any) -> Any:
        import torch

        if self.module.training:
            chosen = torch.rand(input_ids.shape, device=input_ids.device) < self.rate
            chosen &= ~torch.isin(input_ids, torch.tensor(self.special, device=input_ids.device))
            input_ids = input_ids.masked_fill(chosen, self.mask)
        return self.forward(*args, input_ids=input_ids, **kwargs)
