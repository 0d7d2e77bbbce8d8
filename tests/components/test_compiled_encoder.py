"""`compiled_encoder` gives a pipeline the token vectors that its transformer gave, without PyTorch."""

import logging
import pickle

import numpy as np
import pytest
import spacy

from bellwether.compiled_encoder import CompiledEncoder
from bellwether.threads import set_threads
from tests.compiled import TEXTS, make_compiled, make_trained

SECTION = "components.compiled_encoder"


@pytest.fixture(scope="module")
def compiled_folder(tiny_encoder, tmp_path_factory):
    return make_compiled(tiny_encoder, tmp_path_factory.mktemp("compiled") / "pipeline")


@pytest.fixture(scope="module")
def load(compiled_folder):
    def load(**settings):
        return spacy.load(compiled_folder, config={f"{SECTION}.{key}": value for key, value in settings.items()})

    return load


@pytest.fixture(scope="module")
def compiled(load):
    return load(precision="fp32", runtime="openvino")


@pytest.fixture(scope="module")
def trained(tiny_encoder):
    return make_trained(tiny_encoder)


def scores(docs):
    return [doc.cats["tone:up"] for doc in docs]


@pytest.mark.parametrize(
    ("runtime", "precision", "tolerance"),
    [
        ("openvino", "fp32", 1e-4),
        ("onnxruntime", "fp32", 1e-4),
        ("openvino", "int8", 0.2),
        ("onnxruntime", "int8", 0.2),
    ],
)
def test_answers_are_those_of_the_trained_pipeline(trained, load, runtime, precision, tolerance):
    nlp = load(runtime=runtime, precision=precision)
    expected, found = list(trained.pipe(TEXTS)), list(nlp.pipe(TEXTS))
    np.testing.assert_allclose(scores(found), scores(expected), atol=tolerance)
    assert [[ent.text for ent in doc.ents] for doc in found] == [[ent.text for ent in doc.ents] for doc in expected]
    assert [doc.text for doc in found] == TEXTS
    assert [doc.tensor.shape for doc in found] == [(len(doc), 48) for doc in found]


def test_a_batch_is_equal_to_its_singles(compiled):
    batch = scores(compiled.pipe(TEXTS * 3, batch_size=7))
    np.testing.assert_allclose(batch, scores(map(compiled, TEXTS * 3)), atol=1e-5)


def test_a_long_text_is_read_in_windows_like_the_trained_pipeline_does(trained, load):
    nlp = load(precision="fp32", batch_pieces=64)
    text = " ".join(TEXTS) * 150
    assert scores([nlp(text)]) == pytest.approx(scores([trained(text)]), abs=1e-4)


def test_loading_says_what_was_chosen(load, caplog):
    with caplog.at_level(logging.INFO, logger="bellwether.compiled_encoder.component"):
        nlp = load(runtime="openvino", precision="int8")
    assert nlp.meta["compiled_encoder"]["form"] == "openvino-int8"
    assert "compiled_encoder: openvino-int8, one of openvino-fp32, openvino-int8, onnxruntime-fp32" in caplog.text


def test_the_chosen_form_is_not_saved(load, tmp_path):
    """A pipeline saved on one processor chooses again on another."""
    nlp = load(precision="fp32")
    nlp.to_disk(tmp_path / "copy")
    again = spacy.load(tmp_path / "copy", config={f"{SECTION}.precision": "int8"})
    assert again.get_pipe("compiled_encoder").form.precision == "int8"
    assert scores(again.pipe(TEXTS)) == pytest.approx(scores(nlp.pipe(TEXTS)), abs=0.2)


def test_saving_over_itself_keeps_it(compiled_folder, load):
    load().to_disk(compiled_folder)
    assert len(load().get_pipe("compiled_encoder").forms) == 4


def test_bytes_hold_the_whole_encoder(compiled, load, tmp_path):
    other = load(precision="int8")
    fresh = CompiledEncoder(precision="fp32").from_bytes(other.get_pipe("compiled_encoder").to_bytes())
    [doc] = fresh.pipe([compiled.make_doc(TEXTS[0])])
    np.testing.assert_allclose(doc.tensor, compiled(TEXTS[0]).tensor, atol=1e-5)
    assert compiled.from_bytes(compiled.to_bytes()).pipe_names == compiled.pipe_names


def test_it_can_be_pickled(compiled):
    encoder = pickle.loads(pickle.dumps(compiled.get_pipe("compiled_encoder")))
    np.testing.assert_allclose(encoder(compiled.make_doc(TEXTS[0])).tensor, compiled(TEXTS[0]).tensor, atol=1e-5)


def test_several_processes_give_the_same_in_the_same_order(load):
    """Forked after the parent has computed, whose threads a child does not have."""
    nlp = load(precision="fp32")
    set_threads(nlp, 2)
    alone = scores(nlp.pipe(TEXTS * 4))
    docs = list(nlp.pipe(TEXTS * 4, n_process=2, batch_size=4))
    assert [doc.text for doc in docs] == TEXTS * 4
    assert scores(docs) == pytest.approx(alone, abs=1e-5)


def test_words_are_forgotten_with_their_memory_zone(load):
    nlp = load()
    before = len(nlp.vocab.strings)
    with nlp.memory_zone():
        assert [doc.cats for doc in nlp.pipe(["unheardofword isitso"])]
    assert len(nlp.vocab.strings) == before


def test_a_failing_text_does_not_take_its_batch_with_it(load, monkeypatch):
    nlp = load()
    encoder = nlp.get_pipe("compiled_encoder")
    predict = encoder.predict

    def fail(docs):
        if any("oil" in doc.text for doc in docs):
            raise RuntimeError("broken")
        return predict(docs)

    monkeypatch.setattr(encoder, "predict", fail)
    with pytest.raises(RuntimeError, match="broken"):
        list(nlp.pipe(TEXTS))
    failed = []
    nlp.set_error_handler(lambda name, component, docs, error: failed.extend(doc.text for doc in docs))
    assert [doc.text for doc in nlp.pipe(TEXTS)] == TEXTS[1:]
    assert failed == TEXTS[:1]


def test_threads_can_be_set(load):
    nlp = load(threads=2)
    set_threads(nlp, 1)
    assert nlp.get_pipe("compiled_encoder").threads == 1
    assert nlp(TEXTS[0]).tensor.any()
    with pytest.raises(ValueError, match="at least 1"):
        set_threads(nlp, 0)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"stride": 200}, "stride must be at most window, 128"),
        ({"window": 0}, "window must be at least 1"),
        ({"threads": -1}, "threads must be at least 0"),
    ],
)
def test_wrong_settings_are_refused(settings, problem):
    with pytest.raises(ValueError, match=problem):
        CompiledEncoder(**settings)


def test_a_form_that_is_not_there_is_refused_with_those_that_are(load):
    with pytest.raises(ValueError, match=r"no form with .*bf16; it has openvino-fp32, openvino-int8"):
        load(precision="bf16")


def test_without_an_encoder_the_error_says_where_one_comes_from():
    nlp = spacy.blank("en")
    nlp.add_pipe("compiled_encoder")
    with pytest.raises(ValueError, match="python -m scripts compile"):
        nlp("text")


def test_a_missing_file_is_named(compiled_folder, tmp_path):
    import shutil

    shutil.copytree(compiled_folder, tmp_path / "copy")
    (tmp_path / "copy" / "compiled_encoder" / "encoder.fp32.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"encoder\.fp32\.bin of the form openvino-fp32 is missing"):
        spacy.load(tmp_path / "copy", config={f"{SECTION}.precision": "fp32", f"{SECTION}.runtime": "openvino"})
