"""The benchmark of the pipelines: texts, turns, ratios, targets, and a run."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.language import Language

from scripts import benchmark_pipelines
from scripts.benchmark.growth import fit_power
from scripts.benchmark.pipelines import measure as measuring
from scripts.benchmark.pipelines.contenders import (
    BARE,
    BERT,
    COMPILED,
    MINILM,
    TRAINABLE,
    Contender,
    list_contenders,
)
from scripts.benchmark.pipelines.contenders.spacy_pipeline import AROUND, GRAPH
from scripts.benchmark.pipelines.cost import cost_of
from scripts.benchmark.pipelines.measure import choose_count, interleave, summarise_singles
from scripts.benchmark.pipelines.plan import (
    BATCH_SIZE,
    LENGTH_BATCH_SIZE,
    TOKENS,
    Effort,
    list_cells,
    list_settings,
)
from scripts.benchmark.pipelines.report import number, target_rows
from scripts.benchmark.pipelines.result import Cell, Growth, Measure, Point, Sample, Setting, Soak, TargetResult
from scripts.benchmark.pipelines.soak import ENOUGH, judge, run_soak, with_new_words
from scripts.benchmark.pipelines.targets import judge_targets, ratio
from scripts.benchmark.pipelines.texts import read_texts, texts_of_characters, texts_of_tokens
from scripts.errors import BadInput
from tests.compiled import make_compiled
from tests.conftest import Output
from tests.scripts.benchmark_texts import SOURCES

# The texts


@pytest.mark.parametrize("tokens", [1, 7, 30, 512])
def test_texts_have_the_length_that_was_asked_for(tokenizer: Language, tokens: int) -> None:
    texts = texts_of_tokens(tokenizer, SOURCES, tokens, 20, seed=0)
    assert [len(tokenizer.make_doc(text)) for text in texts] == [tokens] * 20
    assert texts == texts_of_tokens(tokenizer, SOURCES, tokens, 20, seed=0)
    assert texts != texts_of_tokens(tokenizer, SOURCES, tokens, 20, seed=1)


def test_texts_are_sentences_of_the_corpus_joined(tokenizer: Language) -> None:
    joined = texts_of_tokens(tokenizer, SOURCES, 30, 5, seed=0)
    assert all(any(text.startswith(source) for source in SOURCES) for text in joined)


@pytest.mark.parametrize("characters", [40, 1000])
def test_texts_of_characters_are_cut_between_words(characters: int) -> None:
    words = {word for source in SOURCES for word in source.split()}
    for text in texts_of_characters(SOURCES, characters, 5, seed=0):
        assert characters - 20 < len(text) <= characters
        assert set(text.split()) <= words


def test_texts_of_a_split_are_read_once_and_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    with pytest.raises(BadInput, match="run the step 'convert'"):
        read_texts(path)
    records = [
        {"id": "a", "text": "One\ntwo  three."},
        {"id": "b", "text": "One two three."},
        {"id": "c", "text": "Four."},
    ]
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    assert read_texts(path) == ["One two three.", "Four."]


# Turns, and how much a contender reads in one


def test_in_each_round_all_take_a_turn_in_an_order_drawn_anew() -> None:
    def turns(seed: int) -> list[str]:
        return list(interleave({"a": 8, "b": 8, "c": 3}, random.Random(seed)))

    found = turns(0)
    assert [sorted(found[place : place + 3]) for place in (0, 3, 6)] == [["a", "b", "c"]] * 3
    assert [sorted(found[place : place + 2]) for place in range(9, 19, 2)] == [["a", "b"]] * 5
    assert found == turns(0)
    assert found != turns(1)
    assert len({tuple(found[place : place + 2]) for place in range(9, 19, 2)}) == 2
    assert list(interleave({}, random.Random(0))) == []


class Reader:
    """Takes a second for so many texts, and remembers how many it was given."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.given: list[int] = []

    def __call__(self, count: int) -> float:
        self.given.append(count)
        return count / self.rate


@pytest.mark.parametrize(
    ("rate", "batch_size", "longest", "expected"),
    [
        (1000, 128, 2.0, 896),  # as many whole batches as it reads in a second
        (1000, 1, 2.0, 1000),
        (100, 128, 2.0, 128),  # one batch, which takes longer than a second
        (10, 128, 2.0, 10),  # a batch would take too long
        (0.1, 128, 2.0, 1),
        (1e6, 128, 2.0, 1024),  # no more texts
    ],
)
def test_a_contender_is_given_what_it_reads_in_time(
    rate: float, batch_size: int, longest: float, expected: int
) -> None:
    reader = Reader(rate)
    count, seconds = choose_count(reader, batch_size=batch_size, available=1024, seconds=1.0, longest=longest)
    assert count == expected
    assert seconds == pytest.approx(expected / rate)
    assert reader.given[0] == 1
    assert max(reader.given) <= max(batch_size, expected)


def test_a_slow_contender_has_fewer_rounds() -> None:
    effort = Effort(rounds=5, seconds=1.0)
    assert [effort.rounds_of(seconds) for seconds in (0.1, 1.0, 4.0, 40.0)] == [5, 5, 3, 3]
    assert Effort(rounds=1).rounds_of(40.0) == 1


def test_the_headline_comes_first_and_no_cell_twice() -> None:
    cells = list_cells([16, TOKENS, 512], [1, BATCH_SIZE, LENGTH_BATCH_SIZE])
    assert cells[0] == (TOKENS, BATCH_SIZE)
    assert len(set(cells)) == len(cells) == 5
    assert {(16, LENGTH_BATCH_SIZE), (TOKENS, 1), (512, LENGTH_BATCH_SIZE)} < set(cells)


def contenders() -> dict[str, Contender]:
    return list_contenders(
        compiled="c", trainable="t", tokenizer=Path("e"), entities=["ORG"], classifiers={"tone": ["good", "bad"]}
    )


def test_settings_are_one_thread_more_threads_and_fewer_instructions() -> None:
    one, two, cut = list_settings(
        list(contenders().values()), threads=[1, 2, 1], isa="AVX2", lengths=[16], batch_sizes=[1, 8]
    )
    assert [setting.name for setting in (one, two, cut)] == ["1 thread", "2 threads", "1 thread, AVX2"]
    assert [setting.details for setting in (one, two, cut)] == [True, False, False]
    assert set(one.cells) - set(two.cells) == {(16, LENGTH_BATCH_SIZE)}
    assert [contender.name for contender in cut.contenders] == [COMPILED, TRAINABLE, BARE]
    assert cut.cells == ((TOKENS, BATCH_SIZE),)
    effort = Effort()
    assert one.seconds(effort) > two.seconds(effort) > cut.seconds(effort) > 0


# Ratios and targets


def measure(*seconds: float, documents: int = 128, wall: float = 1.0) -> Measure:
    """Rounds of so many seconds of the processor; the clock went `wall` times as fast."""
    return Measure(documents, [wall * value for value in seconds], list(seconds))


def test_a_ratio_is_that_of_the_medians_with_those_of_the_rounds() -> None:
    fast, slow = measure(1.0, 2.0, 3.0), measure(20.0, 10.0, 30.0, documents=256, wall=2.0)
    found = ratio(fast, slow, "processor")
    assert (found.value, found.low, found.high) == pytest.approx((5.0, 2.5, 10.0))
    assert ratio(fast, slow, "wall").value == pytest.approx(10.0)


def test_a_ratio_needs_no_more_rounds_than_both_had() -> None:
    found = ratio(measure(1.0, 1.0, 1.0, 50.0, 1.0), measure(8.0, 9.0), "processor")
    assert (found.value, found.low, found.high) == pytest.approx((8.5, 8.0, 9.0))


def setting(*, amx: bool, isa: str | None = None, threads: int = 1, **measures: Measure) -> Setting:
    names = {"compiled": COMPILED, "trainable": TRAINABLE, "minilm": MINILM, "bert": BERT, "bare": BARE}
    cell = Cell(TOKENS, BATCH_SIZE, {names[name]: item for name, item in measures.items()})
    return Setting("s", threads, isa, amx, "processor", cells=[cell])


def verdicts(*settings: Setting, soak: Soak | None = None) -> dict[str, TargetResult]:
    return {item.text.partition(", batches")[0]: item for item in judge_targets(settings, soak)}


def test_targets_are_met_or_missed() -> None:
    found = verdicts(
        setting(
            amx=True,
            compiled=measure(1.0),
            trainable=measure(5.1),
            minilm=measure(7.9),
            bert=measure(100.1),
            bare=measure(0.61),
        ),
        setting(amx=False, isa="AVX512_CORE_VNNI", compiled=measure(2.0), trainable=measure(5.0)),
    )
    assert {text: item.met for text, item in found.items()} == {
        "compiled : trainable": True,
        "compiled : trainable, without AMX": False,
        "compiled : trainable, one document at a time": None,
        "compiled : three MiniLM pipelines": False,
        "compiled : three BERT-base pipelines": True,
        "compiled : the bare encoder": True,
        "memory stays flat": None,
    }
    assert found["compiled : trainable, without AMX"].value == pytest.approx(2.5)
    _, rows = target_rows(list(found.values()))
    assert [rows[place][-1] for place in (0, 1, 2)] == ["met", "missed", "not measured"]


def test_without_amx_the_other_target_is_asked_for() -> None:
    found = verdicts(setting(amx=False, compiled=measure(1.0), trainable=measure(3.5)))
    assert (found["compiled : trainable"].met, found["compiled : trainable"].why) == (None, "this processor has no AMX")
    assert found["compiled : trainable, without AMX"].met is True


def test_a_target_says_why_it_cannot_be_judged() -> None:
    failed = setting(amx=True, trainable=measure(1.0))
    failed.errors[COMPILED] = "boom"
    assert verdicts(failed)["compiled : trainable"].why == "compiled failed"
    more = setting(amx=True, threads=2, compiled=measure(1.0), trainable=measure(9.0))
    assert verdicts(more)["compiled : trainable"].why == "one thread was not measured"


def test_a_single_document_is_compared_by_its_own_times() -> None:
    one = setting(amx=True)
    one.singles = {
        COMPILED: summarise_singles([[0.002, 0.003, 0.002]], [[0.002, 0.002, 0.002]]),
        TRAINABLE: summarise_singles([[0.02] * 3], [[0.009] * 3]),
    }
    found = verdicts(one)["compiled : trainable, one document at a time"]
    assert (found.met, found.value, found.by_wall) == (True, pytest.approx(4.5), pytest.approx(10.0))


def test_singles_are_summarised_over_all_rounds() -> None:
    found = summarise_singles([[0.001] * 99, [0.003] * 100 + [0.5]], [[0.001] * 99, [0.002] * 101])
    assert (found.documents, found.p50, found.p99, found.cpu_p50) == (200, 3.0, 3.0, 2.0)
    assert (found.wall_rounds, found.cpu_rounds) == ([1.0, 3.0], [1.0, 2.0])
    assert summarise_singles([[0.001, 0.5]], [[0.001, 0.001]]).p99 == 500.0


def test_growth_and_memory_are_targets() -> None:
    one = setting(amx=True)
    one.growth = [
        Growth("documents", COMPILED, [Point(1, 1.0), Point(1024, 1.0)], 1.02),
        Growth("characters of a document", COMPILED, [Point(1, 1.0), Point(100_000, 1.0)], 1.6),
    ]
    soak = Soak(COMPILED, [Sample(200_000, 500.0)], 3.0, True)
    found = [(item.value, item.met) for item in judge_targets([one], soak)[-3:]]
    assert found == [(1.02, True), (1.6, False), (3.0, True)]


def test_the_exponent_tells_linear_from_quadratic() -> None:
    assert fit_power([1, 2, 4], [3.0, 6.0, 12.0]) == pytest.approx(1)
    assert fit_power([1, 2, 4], [3.0, 12.0, 48.0]) == pytest.approx(2)
    assert fit_power([1], [3.0]) == 1


def test_a_million_documents_cost_their_core_hours() -> None:
    cost = cost_of(measure(1.0, documents=100, wall=7.0), price_per_core_hour=0.5)
    assert cost.documents_per_core_hour == 360_000
    assert cost.core_hours_per_million == pytest.approx(2.778)
    assert cost.price_per_million == pytest.approx(1.3889)


@pytest.mark.parametrize(
    ("value", "text"), [(12345.6, "12,346"), (123.4, "123"), (12.34, "12.3"), (0.6543, "0.654"), (99.96, "100")]
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert number(value) == text


# The soak


def test_every_document_of_a_soak_has_words_of_its_own() -> None:
    texts = with_new_words(["one.", "two."], 0, 3000)
    assert [text.split()[-1] for text in texts[:3]] == ["one.", "two.", "one."]
    assert len({text.split()[0] for text in texts}) == 3000
    assert texts[1000:1010] == with_new_words(["one.", "two."], 1000, 10)


@pytest.mark.parametrize(("grown", "flat"), [(0.0, True), (10.0, True), (100.0, False)])
def test_memory_that_grows_after_the_first_documents_is_not_flat(grown: float, flat: bool) -> None:
    begin = [Sample(1000, 100.0)] * 10
    rest = [Sample(2000 * place, 400.0 + grown * place / 100) for place in range(10, 101)]
    assert judge("c", [*begin, *rest]).flat is flat
    assert judge("c", [*begin, Sample(ENOUGH - 1, 400.0)]).flat is None


def test_a_soak_reads_all_documents_in_order() -> None:
    asked: list[tuple[int, int]] = []
    done: list[int] = []

    def read(begin: int, count: int) -> float:
        asked.append((begin, count))
        return 100.0

    soak = run_soak(read, contender="c", documents=1000, batch_size=128, advance=done.append)
    assert asked[0] == (0, 128)
    assert sum(done) == sum(count for _, count in asked) == soak.samples[-1].documents == 1000
    assert all(asked[place][0] == sum(count for _, count in asked[:place]) for place in range(len(asked)))


# The step


@pytest.fixture(scope="module")
def compiled_tiny(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_compiled(tiny_encoder, tmp_path_factory.mktemp("compiled") / "pipeline", "openvino-fp32")


@pytest.fixture
def project(tmp_path: Path, write_domain: Callable[..., Path]) -> Path:
    """A domain and a test split, in tmp_path."""
    path = tmp_path / "corpus" / "test.jsonl"
    path.parent.mkdir()
    path.write_text("".join(f"{json.dumps({'id': str(place), 'text': text})}\n" for place, text in enumerate(SOURCES)))
    return write_domain()


@pytest.fixture
def step(run_step: Callable[..., Output], project: Path, compiled_tiny: Path) -> Callable[..., Output]:
    """Run the step quickly, on a tiny compiled pipeline and a trainable one that cannot be loaded."""

    def run(*arguments: str) -> Output:
        small = ["--domain", str(project), "--compiled", str(compiled_tiny), "--model", str(project.parent)]
        small += ["--rounds", "2", "--seconds", "0.001", "--lengths", "8", "--batch-sizes", "4", "--threads", "1"]
        return run_step("benchmark", *small, "--isa", "none", *arguments)

    return run


@pytest.fixture
def small_growth(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (benchmark_pipelines, measuring):
        monkeypatch.setattr(module, "CHARACTERS", (200, 2000))
    monkeypatch.setattr(measuring, "DOCUMENTS", (64, 128))


@pytest.mark.usefixtures("small_growth")
def test_a_run_writes_the_report_with_what_failed(tmp_path: Path, step: Callable[..., Output]) -> None:
    done = step("--contenders", f"{COMPILED},{TRAINABLE},{BARE}", "--soak", "256", "--price-per-core-hour", "2")
    assert (done.status, len(done.failures)) == (0, 1)
    assert "ours, trainable failed" in done.failures[0]
    data = json.loads((tmp_path / "reports" / "benchmark.json").read_text())
    (one,) = data["settings"]
    assert (one["threads"], one["clock"]) == (1, "processor")
    assert [(cell["tokens"], cell["batch_size"]) for cell in one["cells"]] == [(30, 128), (30, 4), (8, 32)]
    for cell in one["cells"]:
        assert set(cell["measures"]) == {COMPILED, BARE}
        assert all(len(item["cpu"]) == len(item["wall"]) == 2 for item in cell["measures"].values())
    assert list(one["errors"]) == [TRAINABLE]
    assert list(one["components"][COMPILED]["ms"]) == ["tokenizer", GRAPH, AROUND, "tone", "money"]
    assert [growth["of"] for growth in one["growth"]] == ["characters of a document", "documents"]
    assert [[point["size"] for point in growth["points"]] for growth in one["growth"]] == [[200, 2000], [64, 128]]
    loaded = one["loaded"]
    assert loaded[COMPILED]["form"] == loaded[BARE]["form"] == "openvino-fp32"
    assert {"spacy", "openvino"} <= set(loaded[COMPILED]["versions"])
    assert "torch" not in loaded[COMPILED]["versions"]
    assert 0 < loaded[COMPILED]["loaded_mb"] <= loaded[COMPILED]["headline_mb"] <= loaded[COMPILED]["peak_mb"]
    assert data["soak"]["samples"][-1]["documents"] == 256
    cost = data["cost"][COMPILED]
    assert cost["price_per_million"] == pytest.approx(2 * cost["core_hours_per_million"], rel=0.01, abs=0.002)
    assert {data["contenders"][name]["missing"] for name in (MINILM, BERT)} == {"not asked for"}
    assert {item["text"]: item["met"] in {True, False} for item in data["targets"]} == {
        "compiled : trainable, batches of 128": False,
        "compiled : trainable, without AMX, batches of 128": False,
        "compiled : trainable, one document at a time": False,
        "compiled : three MiniLM pipelines, batches of 128": False,
        "compiled : three BERT-base pipelines, batches of 128": False,
        "compiled : the bare encoder, batches of 128": True,
        "growth with characters of a document, up to 2,000 (compiled), exponent": True,
        "growth with documents, up to 128 (compiled), exponent": True,
        "memory over 256 documents (compiled), MiB grown": False,
    }
    tables = (tmp_path / "reports" / "benchmark.md").read_text()
    assert "| compiled : trainable, without AMX, batches of 128 | ≥ 3 | – | – | – | " in tables
    assert "**ours, trainable failed and was left out from there on.** 'load': OSError" in tables
    assert f"| {GRAPH} | " in tables
    for name in ("benchmark", "benchmark-soak"):
        assert (tmp_path / "reports" / f"{name}.svg").read_text().count("<svg") == 1
        assert f"({name}.svg)" in tables


def test_a_dry_run_says_what_and_how_long_and_writes_nothing(tmp_path: Path, step: Callable[..., Output]) -> None:
    done = step("--dry-run")
    assert done.status == 0
    assert "Contenders: compiled, trainable, bare" in done.out
    assert "Not measured: 3 × MiniLM, Hugging Face: assets/encoders/all-MiniLM-L6-v2 is not there" in done.out
    assert "Estimate: " in done.out
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--contenders", "compield"], "unknown contender 'compield'; there are compiled, trainable, hf-minilm"),
        (["--contenders", "hf-minilm"], "run the step 'fetch-encoder'"),
        (["--contenders", "compiled", "--compiled", "nowhere"], "nowhere is not there: run the step 'compile'"),
        (["--lengths", "16,x"], "--lengths: a list of numbers above zero, such as '1,8,32', got '16,x'"),
        (["--batch-sizes", "0"], "--batch-sizes: a list of numbers above zero"),
        (["--threads", ""], "--threads: at least one number, or 'all'"),
        (["--split", "all"], "--split must be one of train, dev, test"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_measured(
    step: Callable[..., Output], arguments: list[str], problem: str
) -> None:
    done = step(*arguments)
    assert done.status == 1
    assert problem in done.failures[0]
