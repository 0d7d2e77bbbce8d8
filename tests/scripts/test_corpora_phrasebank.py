"""The converter of Financial PhraseBank, on invented sentences in its format."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.convert import split_source, text_key
from scripts.corpora.joining import join_tokens
from scripts.corpora.phrasebank import mend, read, running_text
from scripts.corpora.splitting import is_test
from scripts.domain import Domain
from scripts.errors import BadInput, ErrorLog
from scripts.records import Record
from scripts.sources import SourceFile, read_source

HALF = "Sentences_50Agree.txt"
ALL = "Sentences_AllAgree.txt"


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Norvane 's profit rose to EUR 13.1 mn .", "Norvane's profit rose to EUR 13.1 mn."),
        ("It does n't pay EUR0 .9 m ( USD1 ,275 ) .", "It doesn't pay EUR0.9 m (USD1,275)."),
        ("Norvane sold Turku Pump Works , Inc. .", "Norvane sold Turku Pump Works, Inc."),
        ("`` We keep our `` buy '' rating , '' it said .", '"We keep our "buy" rating," it said.'),
        ("Sepp+ñl+ñ of Lule+Ñ , +àland and G++nter", "Seppälä of Luleå, Åland and Günter"),
        ("Norvane -¦ s shares fell to  x20ac 23.89 .", "Norvane's shares fell to €23.89."),
        ("the company+óEUR TM s capital , or +ó  x201a -¼ 59.3 million", "the company's capital, or €59.3 million"),
        ("tel. +358 9 591 8342 and 5 + 4", "tel. +358 9 591 8342 and 5 + 4"),
        ("+1 617-á801-á6888", "+1 617 801 6888"),
        ("EUR -24.5 mn", "EUR -24.5 mn"),
    ],
)  # fmt: skip
def test_running_text(sentence: str, text: str) -> None:
    assert running_text(sentence) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_mended_and_joined(text: str) -> None:
    assert running_text(text) == running_text(text).strip()
    assert mend(text.encode("ascii", "ignore").decode().replace("++", "")) is not None


@given(st.lists(st.sampled_from(["do", "n't", "'s", "EUR0", ".9", "%", "-", "mid", '"', "(", "R&D"]), max_size=12))
def test_a_text_is_the_same_text_tokenized_or_not(tokens: list[str]) -> None:
    assert text_key(" ".join(tokens)) == text_key(join_tokens(tokens)[0]) or not any(
        character.isalnum() for character in "".join(tokens)
    )


def corpus(folder: Path, domain: Domain, lines: dict[str, str], encoding: str = "latin-1") -> Domain:
    """A domain with a source "phrasebank" of these files."""
    for name, text in lines.items():
        (folder / name).write_bytes(text.encode("utf-8" if name == ALL else encoding))
    files = {split: list(lines) for split in ("train", "test")}
    source = domain.sources["phrasebank"].model_copy(update={"files": files})
    return domain.model_copy(update={"sources": {"phrasebank": source}})


def read_all(folder: Path, domain: Domain, log: ErrorLog | None = None) -> list[tuple[str, Record]]:
    return list(read_source("phrasebank", domain.sources["phrasebank"], domain, folder, log or ErrorLog()))


def test_every_sentence_is_read_once_from_the_file_of_its_level(tmp_path: Path, domain: Domain) -> None:
    sure = [f"Norvane sold {number} pumps to L+ñnsi .@positive" for number in range(40)]
    unsure = [f"Norvane shut {number} plants .@negative" for number in range(40)]
    lines = {HALF: "\n".join([*unsure, *sure]) + "\n", ALL: "\n".join(sure) + "\n"}
    found = read_all(tmp_path, corpus(tmp_path, domain, lines))
    assert len({record.id for _, record in found}) == len(found) == 80
    texts = {record.text: (split, record) for split, record in found}
    assert len(texts) == 80
    for line in (*sure, *unsure):
        sentence, label = line.split("@")
        split, record = texts[running_text(sentence)]
        number = int(hashlib.sha1(sentence.strip().encode()).hexdigest(), 16)
        assert split == ("test" if number % 5 == 0 else "train")
        assert record.cats == {"sentiment": label}
        assert record.layers == {"sentiment": True}
        assert record.meta["agreement"] == ("100 %" if line in sure else "50 %")


def test_a_fifth_is_test_and_dev_is_carved_from_the_rest(tmp_path: Path, domain: Domain) -> None:
    lines = {HALF: "".join(f"Norvane sold {number} pumps .@neutral\n" for number in range(500))}
    domain = corpus(tmp_path, domain, lines)
    splits = split_source(domain.sources["phrasebank"], read_all(tmp_path, domain))
    assert 0.15 < len(splits["test"]) / 500 < 0.25
    assert 0.05 < len(splits["dev"]) / 500 < 0.13
    assert sum(map(len, splits.values())) == 500


# 16 leaves 1 when divided by 5, so a hexadecimal number leaves what the sum of its digits leaves.
@pytest.mark.parametrize(
    ("text", "sha1", "digit_sum"),
    [
        ("Norvane rose .", "5e57c50b6668cbfc1e8b6ad8a49eb15e39895707", 322),
        ("a", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", 367),
        ("b", "e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98", 375),
        ("c", "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4", 311),
        ("Sepp+ñl+ñ", "1ebef1e711e8c4b152d62d546f59c3270f9972d2", 295),  # as damaged as in the file, and as UTF-8
    ],
)
def test_the_split_is_the_same_for_good(text: str, sha1: str, digit_sum: int) -> None:
    assert hashlib.sha1(text.encode()).hexdigest() == sha1
    assert sum(int(digit, 16) for digit in sha1) == digit_sum
    assert is_test(text) == (digit_sum % 5 == 0)


@pytest.mark.parametrize("line", ["no label", "an unknown label@glad", "@positive"])
def test_a_bad_line_is_named_by_its_place(tmp_path: Path, domain: Domain, line: str) -> None:
    domain = corpus(tmp_path, domain, {HALF: f"one .@positive\n\n{line}\ntwo .@negative\n"})
    source = domain.sources["phrasebank"].model_copy(update={"files": {"all": [HALF]}})
    file = SourceFile("phrasebank", source, "all", tmp_path / HALF, domain)
    with pytest.raises(BadInput, match="not 'sentence@label' with a label of the source's table") as caught:
        list(read(file, ErrorLog()))
    assert str(caught.value).startswith(f"{tmp_path / HALF}:3: id 'phrasebank-all-000003': ")
    log = ErrorLog("skip")
    assert [record.text for record in read(file, log)] == ["one.", "two."]
    assert len(log.skipped) == 1


def test_a_file_is_named_after_its_level(tmp_path: Path, domain: Domain) -> None:
    with pytest.raises(BadInput, match=r"sentences\.txt: the name must end in one of 50Agree"):
        read_all(tmp_path, corpus(tmp_path, domain, {"sentences.txt": "one .@positive\n"}))
