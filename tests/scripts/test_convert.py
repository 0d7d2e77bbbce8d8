"""The step `convert`: splits that stay, caps, duplicates, and what reaches the DocBin."""

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.convert import (
    SPLITS,
    Converted,
    cap,
    cap_source,
    carve_dev,
    convert_mix,
    corpus_hash,
    drop_duplicates,
    drop_leaks,
    split_all,
    text_key,
    write_corpus,
)
from scripts.docbin import doc_to_record, read_docbin
from scripts.domain import Domain, load_domain
from scripts.errors import BadInput, ErrorLog
from scripts.records import Record, make_record, read_jsonl, write_jsonl

WORDS = [f"w{number}" for number in range(400)]


def record(record_id: str, text: str = "", **cats: str) -> Record:
    layers = dict.fromkeys(cats, True)
    return make_record({"id": record_id, "text": text or f"text of {record_id}", "cats": cats, "layers": layers})


def different_records(count: int, seed: int = 0) -> list[Record]:
    """Records that share no 4-gram."""
    chooser = random.Random(seed)
    return [record(f"r{seed}-{number}", " ".join(chooser.choices(WORDS, k=12))) for number in range(count)]


def splits_of(**splits: list[Record]) -> dict[str, list[Record]]:
    return {split: splits.get(split, []) for split in SPLITS}


def ids(records: list[Record]) -> list[str]:
    return [record.id for record in records]


def homes(splits: dict[str, list[Record]]) -> dict[str, str]:
    return {record.id: split for split, records in splits.items() for record in records}


def test_every_record_has_one_split_of_about_its_share() -> None:
    records = different_records(1000)
    splits = split_all(records)
    assert Counter(ids(records)) == Counter(ids([record for split in splits.values() for record in split]))
    assert [round(len(splits[split]) / 1000, 1) for split in SPLITS] == [0.7, 0.1, 0.2]


@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_adding_documents_moves_no_other(chooser: random.Random, added: int) -> None:
    before = different_records(60)
    after = before + different_records(added, seed=1)
    chooser.shuffle(after)
    old, new = homes(split_all(before)), homes(split_all(after))
    assert {record_id: new[record_id] for record_id in old} == old


def test_the_split_is_the_same_everywhere_and_for_good() -> None:
    assert homes(split_all([record(name) for name in ("earnings-001", "ipo-001", "macro-001", "markets-001")])) == {
        "earnings-001": "test", "ipo-001": "train", "macro-001": "test", "markets-001": "dev",
    }  # fmt: skip


def test_near_duplicates_stay_together() -> None:
    families = []
    for base in different_records(40):
        families.append([record(f"{base.id}-{copy}", f"{base.text} {copy}") for copy in range(3)])
    home = homes(split_all([member for family in families for member in family]))
    assert all(len({home[member.id] for member in family}) == 1 for family in families)
    assert set(home.values()) == set(SPLITS)


def test_dev_is_carved_from_train_with_equal_texts_together() -> None:
    train = different_records(500)
    copies = [record(f"{original.id}-copy", f"{original.text.upper()}!") for original in train]
    rest, dev = carve_dev(train + copies, 0.2)
    assert 0.15 < len(dev) / 1000 < 0.25
    assert sorted(ids(rest + dev)) == sorted(ids(train + copies))
    assert {name.removesuffix("-copy") for name in ids(rest)}.isdisjoint(
        name.removesuffix("-copy") for name in ids(dev)
    )


@pytest.mark.parametrize("limit", [0, 1, 7, 20, 1000])
def test_a_cap_is_a_stable_sample_in_order(limit: int) -> None:
    records = different_records(50)
    chosen = cap(records, limit)
    assert len(chosen) == min(limit or 50, 50)
    assert chosen == [record for record in records if record in chosen]
    shuffled = random.Random(1).sample(records, 50)
    assert {record.id for record in cap(shuffled, limit)} == {record.id for record in chosen}
    if 0 < limit < 50:
        assert set(ids(chosen)) <= set(ids(cap(records, limit + 1)))


def test_a_limit_caps_train_and_dev_but_never_test() -> None:
    splits = splits_of(train=different_records(30), dev=different_records(30, 1), test=different_records(30, 2))
    capped = cap_source(splits, 10)
    assert [len(capped[split]) for split in SPLITS] == [10, 3, 30]
    assert cap_source(splits, 0) == splits


def test_copies_within_train_are_dropped() -> None:
    splits = splits_of(
        train=[record("a", "One text", sentiment="positive"), record("b", "one TEXT!", sentiment="positive")]
    )
    assert drop_duplicates(splits) == {"duplicate in train": ["b"]}
    assert ids(splits["train"]) == ["a"]


def test_copies_that_contradict_each_other_are_all_dropped() -> None:
    splits = splits_of(
        train=[
            record("a", "text", sentiment="positive"),
            record("b", "text", sentiment="negative"),
            record("c", "other"),
        ]
    )
    assert drop_duplicates(splits) == {"conflicting labels for one text": ["a", "b"]}
    assert ids(splits["train"]) == ["c"]


def test_copies_that_know_different_things_are_kept() -> None:
    splits = splits_of(
        train=[record("a", "text", sentiment="positive"), record("b", "text", category="macro")],
        test=[record("c", "text", topic="x")],
    )
    assert drop_duplicates(splits) == {}
    assert ids(splits["train"]) == ["a", "b"]
    assert ids(splits["test"]) == ["c"]


def test_what_train_has_leaves_test_and_what_test_has_leaves_dev() -> None:
    def copy(record_id: str, text: str) -> Record:
        return record(record_id, text, sentiment="positive")

    splits = splits_of(
        train=[copy("train-1", "one")],
        dev=[copy("dev-1", "one"), copy("dev-2", "two"), copy("dev-3", "three"), copy("dev-4", "three")],
        test=[copy("test-1", "one"), copy("test-2", "two")],
    )
    assert drop_duplicates(splits) == {
        "test text that is also in train, test or earlier in test": ["test-1"],
        "dev text that is also in train, test or earlier in dev": ["dev-1", "dev-2", "dev-4"],
    }
    assert {split: ids(records) for split, records in splits.items()} == {
        "train": ["train-1"], "dev": ["dev-3"], "test": ["test-2"],
    }  # fmt: skip


def test_copies_whose_spans_contradict_each_other_are_all_dropped() -> None:
    def headline(record_id: str, tone: str, target: str = "Norvane") -> Record:
        text = "Norvane and Halvorsen: flat"
        start = text.index(target)
        span = {"start": start, "end": start + len(target), "label": "TARGET", "sentiment": tone}
        return make_record({"id": record_id, "text": text, "spans": [span], "layers": {"entity_sentiment": True}})

    splits = splits_of(train=[headline("a", "neutral"), headline("b", "negative")])
    assert drop_duplicates(splits) == {"conflicting labels for one text": ["a", "b"]}
    splits = splits_of(train=[headline("a", "neutral"), headline("b", "neutral")])
    assert drop_duplicates(splits) == {"duplicate in train": ["b"]}
    splits = splits_of(train=[headline("a", "neutral"), headline("b", "neutral", "Halvorsen")])
    assert drop_duplicates(splits) == {"conflicting labels for one text": ["a", "b"]}


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_a_text_with_two_answers_trains_and_tests_nothing(split: str) -> None:
    copies = [record("a", "Norvane rose", sentiment="positive"), record("b", "NORVANE ROSE.", sentiment="neutral")]
    splits = splits_of(**{split: [*copies, record("c", "Norvane fell", sentiment="negative")]})
    assert drop_duplicates(splits) == {"conflicting labels for one text": ["a", "b"]}
    assert ids(splits[split]) == ["c"]


def test_copies_that_were_asked_for_different_labels_are_kept() -> None:
    def sentence(record_id: str, asked: list[str]) -> Record:
        return make_record({"id": record_id, "text": "Norvane rose", "layers": {"ner": asked}})

    splits = splits_of(train=[sentence("a", ["ORG", "LOC"]), sentence("b", ["ORG"]), sentence("c", ["LOC", "ORG"])])
    assert drop_duplicates(splits) == {"duplicate in train": ["c"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The company 's loss is EUR0 .9 m ( 20 % -40 % ) .", "The company's loss is EUR0.9 m (20%-40%)."),
        ("It does n't pay `` much ''", 'It doesn\'t pay "much"'),
        ("CEO Erkki Järvinen is happy", "CEO Erkki Jrvinen is happy."),
        ("Norvane rose http://x.io/a", "NORVANE ROSE"),
    ],
)
def test_the_key_of_a_text_does_not_depend_on_its_spelling(one: str, other: str) -> None:
    assert text_key(one) == text_key(other)


@pytest.mark.parametrize(("one", "other"), [("🚀", "💀"), ("Выручка выросла 5", "Убыток вырос 5"), ("up 5", "up 6")])
def test_different_texts_have_different_keys(one: str, other: str) -> None:
    assert text_key(one) != text_key(other)


def test_no_corpus_trains_on_the_test_texts_of_another() -> None:
    splits = splits_of(
        train=[record("train-1", "Norvane 's loss narrows", topic="macro"), record("train-2", "Other", topic="x")],
        dev=[record("dev-1", "Norvane's loss narrows.", topic="x"), record("dev-2", "Another", topic="x")],
        test=[record("test-1", "Norvane's loss narrows", sentiment="positive")],
    )
    assert drop_leaks(splits) == {
        "train text that is also in test": ["train-1"],
        "dev text that is also in test": ["dev-1"],
    }
    assert {split: ids(records) for split, records in splits.items()} == {
        "train": ["train-2"], "dev": ["dev-2"], "test": ["test-1"],
    }  # fmt: skip
    assert drop_leaks(splits) == {}


def test_a_mix_leaves_the_test_part_of_every_source_whole(tmp_path: Path, write_domain: Callable[..., Path]) -> None:
    shared = ["Norvane 's loss narrows", "Halvorsen does n't pay"]
    write_jsonl(tmp_path / "one.jsonl", [record(f"one-{n}", text, topic="macro") for n, text in enumerate(shared)])
    write_jsonl(tmp_path / "two.jsonl", [record("two-0", "Norvane's loss narrows.", sentiment="positive")])
    write_jsonl(tmp_path / "test.jsonl", [record("two-1", "Halvorsen doesn't pay.", sentiment="negative")])
    domain = load_domain(
        write_domain(
            one={"reader": "jsonl", "files": {"train": "one.jsonl"}},
            two={"reader": "jsonl", "files": {"train": "two.jsonl", "test": "test.jsonl"}},
        )
    )
    converted = convert_mix(domain, "mine", tmp_path, ErrorLog())
    assert {split: ids(records) for split, records in converted.splits.items()} == {
        "train": ["one-0", "two-0"], "dev": [], "test": ["two-1"],
    }  # fmt: skip
    assert converted.dropped == {"between sources: train text that is also in test": ["one-1"]}


def test_texts_without_words_are_not_copies_of_each_other() -> None:
    splits = splits_of(train=[record("a", "🚀", sentiment="positive"), record("b", "💀", sentiment="negative")])
    assert drop_duplicates(splits) == {}


def test_the_hash_of_a_corpus() -> None:
    records = different_records(5)
    assert corpus_hash(records) == corpus_hash(different_records(5))
    assert corpus_hash(records) != corpus_hash(records[::-1])
    assert corpus_hash(records) != corpus_hash(records[:4])
    for change in (
        {"text": "x"},
        {"meta": {"x": 1}},
        {"cats": {"s": "p"}, "layers": {"s": True}},
        {"layers": {"ner": []}},
    ):
        changed = make_record(records[2].model_dump(exclude_none=True) | change)
        assert corpus_hash([*records[:2], changed, *records[3:]]) != corpus_hash(records)


ALL_LAYERS = {
    "id": "full-1",
    "text": "Norvane earned $3m in Turku.",
    "spans": [
        {"start": 0, "end": 7, "label": "ORG"},
        {"start": 15, "end": 18, "label": "MONEY", "value": {"type": "money", "amount": "3000000", "currency": "USD"}},
    ],
    "cats": {"sentiment": "positive", "topic": "earnings"},
    "layers": {"ner": ["ORG", "LOC", "MONEY"], "sentiment": True, "topic": True},
}


@pytest.fixture
def two_sources(tmp_path: Path, write_domain: Callable[..., Path]) -> Domain:
    write_jsonl(tmp_path / "full.jsonl", [make_record(ALL_LAYERS)])
    (tmp_path / "tweets.csv").write_text("text,tone\nbullish on pumps,1\nsomething,\n")
    return load_domain(
        write_domain(
            full={"reader": "jsonl", "files": {"train": "full.jsonl"}},
            tweets={
                "reader": "csv",
                "files": {"train": "tweets.csv"},
                "author": "Marchetti",
                "url": "https://example.org/tweets",
                "columns": {"text": "text", "sentiment": "tone"},
                "labels": {"sentiment": {"1": "positive"}},
            },
        )
    )


def test_what_a_source_does_not_say_stays_unknown_in_the_docbin(tmp_path: Path, two_sources: Domain) -> None:
    converted = convert_mix(two_sources, "mine", tmp_path, ErrorLog())
    manifest = write_corpus(converted, two_sources, "mine", tmp_path / "out")
    full, tweet, bare = read_docbin(tmp_path / "out" / "train.spacy")
    assert full.has_annotation("ENT_IOB")
    assert full.cats == {"sentiment:positive": 1.0, "topic:earnings": 1.0}
    assert full._.layers == {"ner": ["ORG", "LOC", "MONEY"], "sentiment": True, "topic": True}
    assert tweet.cats == {"sentiment:positive": 1.0}
    assert tweet._.layers == {"sentiment": True}
    assert bare.cats == {}
    assert bare._.layers == {}
    for doc in (tweet, bare):
        assert [token.ent_iob for token in doc] == [0] * len(doc)
    written = list(read_jsonl(tmp_path / "out" / "train.jsonl", ErrorLog()))
    assert written == [doc_to_record(doc) for doc in (full, tweet, bare)]
    assert written[0].model_dump(exclude_none=True) == ALL_LAYERS | {"meta": {"source": "full"}}
    assert {name: source["documents"] for name, source in manifest["sources"].items()} == {
        "full": {"train": 1, "dev": 0, "test": 0},
        "tweets": {"train": 2, "dev": 0, "test": 0},
    }
    for name, source in manifest["sources"].items():
        expected = two_sources.sources[name]
        assert (source["licence"], source["author"], source["url"]) == (expected.licence, expected.author, expected.url)
    assert manifest["sha256"]["train"] == corpus_hash(written)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text()) == manifest


def test_converting_twice_gives_the_same_files(tmp_path: Path, two_sources: Domain) -> None:
    for out in ("one", "two"):
        write_corpus(convert_mix(two_sources, "mine", tmp_path, ErrorLog()), two_sources, "mine", tmp_path / out)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_source_of_its_own_in_the_metadata_is_the_users(tmp_path: Path, write_domain: Callable[..., Path]) -> None:
    write_jsonl(tmp_path / "d.jsonl", [make_record({"id": "a", "text": "x", "meta": {"source": "the wire"}})])
    domain = load_domain(write_domain(own={"reader": "jsonl", "files": {"train": "d.jsonl"}}))
    converted = convert_mix(domain, "mine", tmp_path, ErrorLog())
    manifest = write_corpus(converted, domain, "mine", tmp_path / "out")
    assert manifest["sources"]["own"]["documents"]["train"] == 1
    assert converted.splits["train"][0].meta == {"source": "the wire"}


def test_an_id_of_two_sources_is_reported(tmp_path: Path, write_domain: Callable[..., Path]) -> None:
    for name in ("one", "two"):
        write_jsonl(tmp_path / f"{name}.jsonl", [record("a", f"text of {name}")])
    files = {name: {"reader": "jsonl", "files": {"train": f"{name}.jsonl"}} for name in ("one", "two")}
    domain = load_domain(write_domain(**files))
    with pytest.raises(BadInput, match="id 'a': duplicate id: source 'two' repeats one of 'one'"):
        convert_mix(domain, "mine", tmp_path, ErrorLog())
    log = ErrorLog("skip")
    assert [found.text for found in convert_mix(domain, "mine", tmp_path, log).splits["train"]] == ["text of one"]
    assert len(log.skipped) == 1


def write_misaligned(tmp_path: Path) -> None:
    spans = [{"start": 0, "end": 7, "label": "ORG"}, {"start": 16, "end": 18, "label": "MONEY"}]
    data = {"id": "bad", "text": "Norvane's plan: 12months", "spans": spans, "layers": {"ner": ["ORG", "MONEY"]}}
    write_jsonl(tmp_path / "d.jsonl", [make_record(data), record("good")])


@pytest.mark.parametrize(("policy", "kept", "action"), [("expand", 2, "expanded"), ("drop", 1, "dropped")])
@pytest.mark.parametrize("place", ["option", "source"])
def test_a_policy_for_misaligned_spans(
    *,
    tmp_path: Path,
    write_domain: Callable[..., Path],
    run_step: Callable[..., Any],
    policy: str,
    kept: int,
    action: str,
    place: str,
) -> None:
    write_misaligned(tmp_path)
    source = {"reader": "jsonl", "files": {"train": "d.jsonl"}}
    write_domain(own=source | ({"align": policy} if place == "source" else {}))
    options = ("--align", policy) if place == "option" else ()
    done = run_step("convert", "--domain", "mini.yml", "--mix", "mine", "--out", "out", *options)
    line = f"id 'bad': MONEY 16-18 '12' {action} (tokens '12months')"
    assert done.status == 0
    assert f"Spans that do not align with tokens: 1 {action} {line}" in done.out
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["misaligned"] == [line]
    assert [len(doc.ents) for doc in read_docbin(tmp_path / "out" / "train.spacy")] == [kept, 0]


def test_misaligned_spans_are_bad_input_unless_a_policy_says_otherwise(
    tmp_path: Path, write_domain: Callable[..., Path], run_step: Callable[..., Any]
) -> None:
    write_misaligned(tmp_path)
    write_domain(own={"reader": "jsonl", "files": {"train": "d.jsonl"}})
    arguments = ("convert", "--domain", "mini.yml", "--mix", "mine", "--out", "out")
    stopped = run_step(*arguments)
    assert stopped.status == 1
    (message,) = stopped.failures
    assert message.startswith("id 'bad': MONEY 16-18 '12' does not align with the tokens '12months'")
    assert not (tmp_path / "out").exists()
    skipped = run_step(*arguments, "--on-error", "skip")
    assert skipped.status == 0
    assert f"Skipped 1 bad records (--on-error skip) {message}" in skipped.out
    assert ids(list(read_jsonl(tmp_path / "out" / "train.jsonl", ErrorLog()))) == ["good"]
    assert [doc._.record_id for doc in read_docbin(tmp_path / "out" / "train.spacy")] == ["good"]


def test_nothing_left_is_an_error_and_writes_nothing(tmp_path: Path, mini_domain: Domain) -> None:
    domain = mini_domain.model_copy(update={"mixes": {"mine": []}})
    with pytest.raises(BadInput, match="mix 'mine': no document is left, nothing was written"):
        write_corpus(Converted(splits_of()), domain, "mine", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_ones_own_data_from_end_to_end(
    tmp_path: Path, write_domain: Callable[..., Path], run_step: Callable[..., Any]
) -> None:
    """What the help of `convert` promises: a source and a mix in the domain file, and nothing else."""
    chooser = random.Random(0)
    rows = ["Ref;nothing,Headline,Mood,Day"]
    for number in range(60):
        text = "Norvane says: " + " ".join(chooser.choices(WORDS, k=12))
        rows.append(f'N{number},"{text}",{chooser.choice(["up", "down", ""])},2031-10-{number % 28 + 1:02d}')
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "own.csv").write_text("\n".join(rows) + "\n")
    write_domain(
        own={
            "reader": "csv",
            "files": {"all": "news/*.csv"},
            "columns": {"id": "Ref;nothing", "text": "Headline", "sentiment": "Mood", "reference_date": "Day"},
            "labels": {"sentiment": {"up": "positive", "down": "negative"}},
        }
    )
    done = run_step("convert", "--domain", "mini.yml", "--mix", "mine", "--out", "out")
    assert (done.status, done.failures) == (0, [])
    assert "60 documents in out/" in done.out
    found = {doc._.record_id: doc for split in SPLITS for doc in read_docbin(tmp_path / "out" / f"{split}.spacy")}
    assert len(found) == 60
    for number, line in enumerate(rows[1:]):
        doc = found[f"N{number}"]
        mood, date = line.split(",")[-2:]
        assert doc.text == line.split('"')[1]
        assert doc._.sentiment == {"up": "positive", "down": "negative", "": None}[mood]
        assert doc._.reference_date.isoformat() == date
        assert not doc.has_annotation("ENT_IOB")
