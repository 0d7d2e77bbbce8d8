"""Pre-training on the domain: what is masked, what is read, and that a stopped run goes on as if it had not been."""

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModel, AutoTokenizer

from scripts import pretrain
from scripts.docbin import write_docbin
from scripts.pretrain import IGNORED, Masker, rate_factor, read_texts
from tests.encoders import FILLERS, ORGS

TEXTS = [f"{org} {first} {second}" for org in ORGS for first in FILLERS for second in FILLERS]


@pytest.fixture
def corpus(tokenizer, tmp_path):
    for split, texts in (("train", TEXTS[::2]), ("dev", TEXTS[1:80:2])):
        write_docbin(tmp_path / "corpus" / f"{split}.spacy", [tokenizer.make_doc(text) for text in texts])


@pytest.fixture
def run(run_step, corpus, tiny_encoder):
    def run(*options):
        return run_step("pretrain", "--encoder", str(tiny_encoder), "--batch-pieces", "400", "--out", "new", *options)

    return run


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8), st.integers(0, 99))
def test_only_pieces_of_the_text_are_masked_and_the_rest_stays(tiny_encoder, texts, seed):
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    inputs, targets = Masker(tokenizer)(texts, torch.Generator().manual_seed(seed))
    plain = tokenizer(texts, padding=True, return_tensors="pt")["input_ids"]
    chosen = targets != IGNORED
    assert torch.equal(targets[chosen], plain[chosen])
    assert torch.equal(inputs["input_ids"][~chosen], plain[~chosen])
    special = torch.isin(plain, torch.tensor(tokenizer.all_special_ids))
    assert not bool((chosen & special).any())


def test_shares_of_what_is_masked(tiny_encoder):
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    inputs, targets = Masker(tokenizer)(TEXTS * 4, torch.Generator().manual_seed(0))
    chosen = targets != IGNORED
    words = 3 * len(TEXTS) * 4
    assert int(chosen.sum()) / words == pytest.approx(0.15, abs=0.01)
    masked = inputs["input_ids"][chosen] == tokenizer.mask_token_id
    kept = inputs["input_ids"][chosen] == targets[chosen]
    assert float(masked.float().mean()) == pytest.approx(0.8, abs=0.03)
    assert float(kept.float().mean()) == pytest.approx(0.1, abs=0.03)


def test_the_rate_warms_up_and_ends_at_zero():
    factors = [rate_factor(step, 100) for step in range(101)]
    assert factors[0] < factors[3] < factors[5] == 1.0
    assert factors[5:] == sorted(factors[5:], reverse=True)
    assert factors[-1] == 0.0


def test_the_new_encoder_guesses_better_and_is_one_to_train_on(run, tmp_path, tiny_encoder):
    output = run("--epochs", "12", "--rate", "0.003")
    assert output.status == 0
    report = json.loads((tmp_path / "new" / "pretraining.json").read_text(encoding="utf-8"))
    assert report["dev_loss_after"] < report["dev_loss_before"] - 0.5
    assert not (tmp_path / "new" / "checkpoint.pt").exists()
    old, new = AutoModel.from_pretrained(tiny_encoder), AutoModel.from_pretrained(tmp_path / "new")
    assert old.state_dict().keys() == new.state_dict().keys()
    name = "encoder.layer.1.output.dense.weight"
    assert not torch.equal(old.state_dict()[name], new.state_dict()[name])
    link = "oil https://t.co/abc"
    names = (tiny_encoder, tmp_path / "new")
    assert len({tuple(AutoTokenizer.from_pretrained(name)(link)["input_ids"]) for name in names}) == 1


def test_a_stopped_run_goes_on_as_if_it_had_not_been(run, tmp_path, monkeypatch):
    options = ("--epochs", "4", "--checkpoint-every", "3")
    assert run(*options).status == 0
    wanted = AutoModel.from_pretrained(tmp_path / "new").state_dict()
    (tmp_path / "new").rename(tmp_path / "whole")

    step, done = pretrain.Pretraining.step, []

    def interrupted(self, *arguments):
        if len(done) == 7:
            raise KeyboardInterrupt
        done.append(1)
        return step(self, *arguments)

    monkeypatch.setattr(pretrain.Pretraining, "step", interrupted)
    assert run(*options).status != 0
    monkeypatch.setattr(pretrain.Pretraining, "step", step)
    output = run(*options)
    assert "Going on from step 6" in output.out
    got = AutoModel.from_pretrained(tmp_path / "new").state_dict()
    for name, weights in wanted.items():
        torch.testing.assert_close(got[name], weights, msg=name)


def test_a_checkpoint_of_other_options_is_not_gone_on_with(run, tmp_path, monkeypatch):
    monkeypatch.setattr(pretrain.Pretraining, "export", lambda self, out: (_ for _ in ()).throw(KeyboardInterrupt))
    assert run("--epochs", "1", "--checkpoint-every", "1").status != 0
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert "beginning anew" in run("--epochs", "1", "--rate", "0.001").out


def test_dry_run_counts_and_reads_more_texts(run, tmp_path):
    (tmp_path / "more.txt").write_text("oil rose\n\n oil fell \noil rose\n", encoding="utf-8")
    (tmp_path / "more.jsonl").write_text('{"text": "gas rose"}\n', encoding="utf-8")
    alone = run("--dry-run")
    more = run("--dry-run", "--texts", "more.txt", "--texts", "more.jsonl")
    assert alone.status == more.status == 0
    assert f"{len(TEXTS[::2])} texts in" in alone.out
    assert f"{len(TEXTS[::2]) + 3} texts in" in more.out
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.jsonl", '{"text": "x"}\n{"text": 3}\n', 'a.jsonl:2: expected an object with a "text"'),
        ("a.jsonl", "oil\n", "a.jsonl:1: not JSON"),
        ("b.txt", None, "b.txt: file not found"),
    ],
)
def test_bad_texts_are_one_line(run, tmp_path, name, content, problem):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    output = run("--dry-run", "--texts", name)
    assert output.status == 1
    (failure,) = output.failures
    assert failure.startswith(problem)


def test_texts_keep_what_is_written(tmp_path, tokenizer):
    (tmp_path / "a.txt").write_text("  €5m\u00a0up\n", encoding="utf-8")
    assert [doc.text for doc in read_texts(tmp_path / "a.txt", tokenizer)] == ["  €5m\u00a0up"]
