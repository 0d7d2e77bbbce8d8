"""How the encoder is trained: batches by word pieces, links as one word, bfloat16 that leaves no trace."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import spacy
import torch
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from transformers import AutoTokenizer, BertModel, PreTrainedTokenizerFast

from bellwether.encoder import Autocast, PieceBatcher, encoder_shims, make_train_encoder, shorten_links

WORDS = st.lists(st.sampled_from(["oil", "norvane", "zz", "https://t.co/aBcDeFgHiJ", "rose"]), min_size=1, max_size=12)
POST = "oil rose https://t.co/aBcDeFgHiJ today www.norvane.example/a?b=c"


@pytest.fixture(scope="module")
def batcher(tiny_encoder: Path) -> Callable[..., PieceBatcher]:
    def make(**settings: Any) -> PieceBatcher:
        config = {"@batchers": "bellwether.batch_by_pieces.v1", "encoder": str(tiny_encoder), "size": 64, **settings}
        made: PieceBatcher = registry.resolve({"batcher": config})["batcher"]
        return made

    return make


def transformer(encoder: Path, **callback: Any) -> Language:
    """An initialized pipeline of a transformer, prepared as for training."""
    nlp = spacy.blank("en")
    model = {
        "@architectures": "spacy-transformers.TransformerModel.v3",
        "name": str(encoder),
        "get_spans": {"@span_getters": "spacy-transformers.doc_spans.v1"},
    }
    nlp.add_pipe("transformer", config={"model": model})
    nlp.initialize()
    return make_train_encoder(**callback)(nlp)


@given(st.lists(WORDS, max_size=30))
def test_every_text_is_in_one_batch_of_at_most_the_size(
    batcher: Callable[..., PieceBatcher], tokenizer: Language, texts: list[list[str]]
) -> None:
    docs = [tokenizer.make_doc(" ".join(words)) for words in texts]
    make = batcher(size=40, buffer=7)
    batches = list(make(docs))
    assert sorted(id(doc) for batch in batches for doc in batch) == sorted(map(id, docs))
    for batch in batches:
        pieces = make.count_pieces([doc.text for doc in batch])
        assert len(batch) == 1 or max(pieces) * len(batch) <= 40


def test_texts_of_like_length_come_together_and_batches_in_random_order(
    batcher: Callable[..., PieceBatcher], tokenizer: Language
) -> None:
    docs = [tokenizer.make_doc("oil " * (1 + number % 20)) for number in range(200)]
    lengths = [[len(doc) for doc in batch] for batch in batcher(size=66, buffer=200)(docs)]
    assert max(max(batch) - min(batch) for batch in lengths) <= 2
    assert [batch[0] for batch in lengths] != sorted(batch[0] for batch in lengths)
    examples = [Example(Doc(doc.vocab, words=[token.text for token in doc]), doc) for doc in docs]
    assert [
        [len(example.predicted) for example in batch] for batch in batcher(size=66, buffer=200)(examples)
    ] == lengths


def test_pieces_are_those_of_the_encoder(batcher: Callable[..., PieceBatcher], tiny_encoder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    assert batcher(links=False).count_pieces([POST, ""]) == [len(tokenizer(text)["input_ids"]) for text in (POST, "")]
    assert batcher(links=True).count_pieces([POST]) < batcher(links=False).count_pieces([POST])


@pytest.mark.parametrize("setting", ["size", "buffer"])
def test_a_batch_of_nothing_is_refused(batcher: Callable[..., PieceBatcher], setting: str) -> None:
    with pytest.raises(ValueError, match=rf"bellwether\.batch_by_pieces\.v1: {setting} must be at least 1, got 0"):
        batcher(**{setting: 0})


def test_a_link_is_one_word_at_its_own_place(tiny_encoder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    plain = tokenizer("oil rose today")["input_ids"]
    shorten_links(tokenizer)
    assert tokenizer("oil rose today")["input_ids"] == plain
    encoded = tokenizer(POST, return_offsets_mapping=True)
    places = {POST[start:end] for start, end in encoded["offset_mapping"]}
    assert {"oil", "rose", "today"} <= places
    link = POST.index("https"), POST.index(" today")
    inside = [place for place in encoded["offset_mapping"] if link[0] <= place[0] < link[1]]
    assert inside
    assert {place[1] for place in inside} <= set(range(link[0], link[1] + 1))
    assert len(inside) <= len(tokenizer("link", add_special_tokens=False)["input_ids"])


def test_a_slow_tokenizer_cannot_shorten_links() -> None:
    with pytest.raises(ValueError, match=r"fast tokenizer only; set initialize\.after_init\.links = false"):
        shorten_links(object())


def test_the_saved_pipeline_reads_links_as_it_was_trained(tiny_encoder: Path, tmp_path: Path) -> None:
    nlp = transformer(tiny_encoder, precision="float32")
    pieces = nlp(POST)._.trf_data.wordpieces.strings
    assert len(pieces[0]) < len(AutoTokenizer.from_pretrained(tiny_encoder)(POST)["input_ids"])
    nlp.to_disk(tmp_path / "pipeline")
    assert spacy.load(tmp_path / "pipeline")(POST)._.trf_data.wordpieces.strings == pieces


def test_bfloat16_is_for_training_only(tiny_encoder: Path, tmp_path: Path) -> None:
    exact = transformer(tiny_encoder, precision="float32")
    rough = transformer(tiny_encoder, precision="bfloat16")
    wanted, got = (nlp("oil rose today")._.trf_data.model_output.last_hidden_state for nlp in (exact, rough))
    assert got.dtype == wanted.dtype == numpy.float32
    assert 0.0 < numpy.abs(got - wanted).max() < 0.1
    rough.to_disk(tmp_path / "pipeline")
    loaded = spacy.load(tmp_path / "pipeline")("oil rose today")._.trf_data.model_output.last_hidden_state
    numpy.testing.assert_allclose(loaded, wanted, atol=1e-5)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The word pieces that the encoder is called with."""
    seen = []
    forward = BertModel.forward

    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["input_ids"])
        return forward(self, *args, **kwargs)

    monkeypatch.setattr(BertModel, "forward", watched)
    return seen


def test_pieces_are_hidden_in_training_and_only_there(tiny_encoder: Path, reads: list[Any]) -> None:
    nlp = transformer(tiny_encoder, mask_rate=0.3, precision="bfloat16")
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    docs = [nlp.make_doc("oil rose today " * 10) for _ in range(40)]
    plain = torch.tensor(tokenizer([doc.text for doc in docs])["input_ids"])
    model = nlp.get_pipe("transformer").model
    reads.clear()
    model.predict(docs)
    model.begin_update(docs)
    predicted, trained = (torch.as_tensor(pieces) for pieces in reads)
    assert torch.equal(predicted, plain)
    hidden = trained == tokenizer.mask_token_id
    assert torch.equal(trained[~hidden], plain[~hidden])
    special = torch.isin(plain, torch.tensor(tokenizer.all_special_ids))
    assert not bool((hidden & special).any())
    assert float(hidden.sum() / (~special).sum()) == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("mask_rate", [-0.1, 1.0])
def test_a_share_out_of_range_is_refused(mask_rate: float) -> None:
    with pytest.raises(ValueError, match="mask_rate must be at least 0 and below 1, got"):
        make_train_encoder(mask_rate=mask_rate)


def test_a_prepared_encoder_can_be_copied_and_pickled(tiny_encoder: Path) -> None:
    nlp = transformer(tiny_encoder, precision="bfloat16", mask_rate=0.1)
    (shim,) = encoder_shims(nlp)
    assert isinstance(shim._model.forward, Autocast)
    copy = nlp.get_pipe("transformer").model.copy()
    assert isinstance(copy.layers[0].shims[0]._model.forward, Autocast)
    assert pickle.loads(pickle.dumps(nlp.get_pipe("transformer").to_bytes()))


def test_weights_of_a_part_of_the_encoder_can_be_put_in(tiny_encoder: Path) -> None:
    nlp = transformer(tiny_encoder)
    (shim,) = encoder_shims(nlp)
    name = "encoder.layer.0.output.dense.bias"
    before = shim._model.state_dict()[name].clone()
    with nlp.use_params({f"pytorch_{shim.id}_{name}": numpy.ones(before.shape, dtype="f")}):
        assert torch.equal(shim._model.state_dict()[name], torch.ones_like(before))
    assert torch.equal(shim._model.state_dict()[name], before)


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="precision must be one of auto, float32, bfloat16, got 'half'"):
        make_train_encoder(precision="half")  # type: ignore[arg-type]


def test_pipelines_without_an_encoder_stay_as_they_are(tiny_encoder: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("money")
    nlp.add_pipe("tagger")
    assert make_train_encoder()(nlp) is nlp
    assert list(encoder_shims(nlp)) == []
    assert isinstance(AutoTokenizer.from_pretrained(tiny_encoder), PreTrainedTokenizerFast)
