"""Step `benchmark`: how fast the pipelines are, beside three Hugging Face pipelines and the bare encoder."""

import os
import platform
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from spacy.util import is_package
from wasabi import msg

from bellwether.compiled_encoder.forms import relevant_flags

from .benchmark.pipelines.contenders import NAMES, OURS, TRAINABLE, Contender, list_contenders
from .benchmark.pipelines.cost import costs
from .benchmark.pipelines.hardware import has_amx, memory_gb
from .benchmark.pipelines.measure import CHARACTERS, Group
from .benchmark.pipelines.plan import (
    BATCH_SIZE,
    TOKENS,
    Effort,
    SettingPlan,
    estimate_seconds,
    list_settings,
    texts_for,
)
from .benchmark.pipelines.processes import Process, WorkerFailed, environment
from .benchmark.pipelines.report import headline_rows, target_rows, write_report
from .benchmark.pipelines.result import FORMAT, Benchmark, Described, Run, Setting, Soak
from .benchmark.pipelines.soak import run_soak
from .benchmark.pipelines.targets import judge_targets
from .benchmark.pipelines.texts import read_texts, texts_of_characters, texts_of_tokens
from .docbin import blank_pipeline
from .domain import RECOGNISER, load_domain
from .durations import describe_duration
from .errors import BadInput
from .evaluation.provenance import available_cores, git_state, now, processor_name
from .progress import progress_bar

SPLITS = ("train", "dev", "test")
LENGTHS = "16,30,64,128,256,512"
BATCH_SIZES = "1,8,32,128"
AUTO, NONE, ALL = "auto", "none", "all"
# Of which AMX is no part.
WITHOUT_AMX = "AVX512_CORE_VNNI"
ROUNDS, SECONDS = 5, 0.7
QUICK_ROUNDS, QUICK_SECONDS = 2, 0.3
QUICK_LENGTHS, QUICK_BATCH_SIZES = "30,128", "1,32,128"
# Of a column in the terminal.
_WIDEST = 70

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Plan:
    """What a run does.

    contenders (dict): all that there are, with the reason why one is not measured.
    sources (list): texts that are joined and cut. soak (int): documents.
    """

    contenders: dict[str, Described]
    measured: list[Contender]
    settings: list[SettingPlan]
    effort: Effort
    sources: list[str]
    corpus: Path
    lang: str
    price_per_core_hour: float
    soak: int
    seed: int


def choose_contenders(
    contenders: dict[str, Contender], wanted: Sequence[str] | None
) -> tuple[list[Contender], dict[str, str]]:
    """Those that can be measured, and why others cannot.

    wanted (Sequence[str] | None): names; None: all.
    RAISES (BadInput): on an unknown name, or where one that was asked for by name is not there, or none is left.
    """
    for name in wanted or ():
        if name not in contenders:
            raise BadInput(f"--contenders: unknown contender '{name}'; there are {', '.join(contenders)}")
    measured, missing = [], {}
    for name, contender in contenders.items():
        if wanted is not None and name not in wanted:
            missing[name] = "not asked for"
            continue
        problem = _problem(contender)
        if problem is None:
            measured.append(contender)
        elif wanted is not None:
            raise BadInput(f"--contenders: '{name}' cannot be measured: {problem}")
        else:
            missing[name] = problem
    if not measured:
        raise BadInput(f"nothing to measure: {'; '.join(missing.values())}")
    return measured, missing


def _problem(contender: Contender) -> str | None:
    """Why a contender cannot be measured, as far as that shows before it is loaded."""
    if contender.kind == "huggingface":
        folder = Path(contender.settings["tokenizer"])
        return None if folder.exists() else f"{folder} is not there: run the step 'fetch-encoder'"
    path = str(contender.settings["path"])
    if Path(path).exists() or is_package(path):
        return None
    step = "train" if contender.name == TRAINABLE else "compile"
    return f"{path} is not there: run the step '{step}'"


def run_benchmark(plan: Plan, command: str) -> Benchmark:
    """Measure everything; a contender that fails is left out, and named."""
    load = os.getloadavg()[0]
    commit, dirty = git_state(Path.cwd())
    texts = make_texts(plan)
    settings = []
    total = sum(setting.measurements(plan.effort) for setting in plan.settings)
    with progress_bar(total=total, desc="load", unit="round") as bar:
        for setting_plan in plan.settings:
            settings.append(run_setting(plan, setting_plan, texts, bar.update, bar.set_description))
        bar.update(total - bar.n)
    soak = soak_ours(plan, texts[TOKENS]) if plan.soak else None
    return Benchmark(
        format=FORMAT,
        run=Run(
            date=now(),
            command=command,
            git_commit=commit,
            git_dirty=dirty,
            processor=processor_name(),
            flags=relevant_flags(),
            cores=available_cores(),
            memory_gb=memory_gb(),
            load=round(load, 2),
            python=platform.python_version(),
            seed=plan.seed,
            rounds=plan.effort.rounds,
            seconds=plan.effort.seconds,
            price_per_core_hour=plan.price_per_core_hour,
            corpus=str(plan.corpus),
            quick=plan.effort.quick,
        ),
        contenders=plan.contenders,
        targets=judge_targets(settings, soak),
        cost=costs(settings[0], plan.price_per_core_hour),
        settings=settings,
        soak=soak,
    )


def make_texts(plan: Plan) -> dict[int, list[str]]:
    """RETURNS (dict): texts by their length in tokens."""
    nlp = blank_pipeline(plan.lang)
    lengths = sorted({tokens for setting in plan.settings for tokens, _ in setting.cells})
    return {
        tokens: texts_of_tokens(nlp, plan.sources, tokens, texts_for(tokens), seed=plan.seed)
        for tokens in progress_bar(lengths, desc="texts", unit="length")
    }


def run_setting(
    plan: Plan,
    setting_plan: SettingPlan,
    texts: dict[int, list[str]],
    advance: Callable[[int], object],
    say: Callable[[str], object],
) -> Setting:
    """Measure under one number of threads and one set of instructions.

    advance (Callable): told of rounds done. say (Callable): told what comes.
    """
    setting = Setting(
        name=setting_plan.name,
        threads=setting_plan.threads,
        isa=setting_plan.isa,
        amx=has_amx(setting_plan.isa),
        clock="processor" if setting_plan.threads == 1 else "wall",
    )
    with Group(setting_plan, setting, plan.effort, seed=plan.seed, advance=advance) as group:
        say(f"{setting.name}: load")
        group.load()
        group.remember_memory("loaded_mb", most=False)
        for tokens in {tokens for tokens, _ in setting_plan.cells}:
            group.give(_name(tokens), texts[tokens])
        for place, (tokens, batch_size) in enumerate(setting_plan.cells):
            say(f"{setting.name}: {tokens} tokens, batches of {batch_size}")
            group.compare(_name(tokens), tokens=tokens, batch_size=batch_size, available=len(texts[tokens]))
            if place == 0:
                group.remember_memory("headline_mb")
        say(f"{setting.name}: single documents")
        group.compare_singles(_name(TOKENS), available=len(texts[TOKENS]))
        group.remember_memory("peak_mb")
        if setting_plan.details:
            say(f"{setting.name}: components")
            group.time_components(_name(TOKENS))
            if not plan.effort.quick:
                say(f"{setting.name}: growth")
                names = {}
                for size in CHARACTERS:
                    names[size] = f"{size} characters"
                    count = CHARACTERS[-1] // size
                    group.give(names[size], texts_of_characters(plan.sources, size, count, seed=plan.seed))
                group.measure_growth(_name(TOKENS), available=len(texts[TOKENS]), long_texts=names)
    return setting


def _name(tokens: int) -> str:
    return f"{tokens} tokens"


def soak_ours(plan: Plan, texts: list[str]) -> Soak | None:
    """Read many documents with one of our pipelines, the compiled one where it is there; None where it fails."""
    contender = next((item for name in OURS for item in plan.measured if item.name == name), None)
    if contender is None:
        msg.warn("--soak: none of our pipelines is measured")
        return None
    with (
        progress_bar(total=plan.soak, desc="soak", unit="document") as bar,
        Process(contender.name, environment(1, None)) as process,
    ):
        try:
            process.ask("load", kind=contender.kind, settings=dict(contender.settings), threads=1)
            process.ask("texts", name="soak", texts=texts)

            def read(begin: int, count: int) -> float:
                now_mb: float = process.ask("soak", texts="soak", begin=begin, count=count, batch_size=BATCH_SIZE)[
                    "now"
                ]
                return now_mb

            return run_soak(
                read, contender=contender.name, documents=plan.soak, batch_size=BATCH_SIZE, advance=bar.update
            )
        except WorkerFailed as error:
            msg.fail(f"The soak of {contender.title} failed", str(error))
            return None


def print_plan(plan: Plan, out: Path) -> None:
    """Say what would be done, and about how long it takes."""
    for setting in plan.settings:
        cells = ", ".join(f"{tokens} × {batch_size}" for tokens, batch_size in setting.cells)
        msg.divider(setting.name)
        msg.text(f"Contenders: {', '.join(contender.name for contender in setting.contenders)}")
        msg.text(f"Tokens × batch size: {cells}; single documents of {TOKENS} tokens")
        if setting.details:
            msg.text("Also: time by component, growth with the length and the number of documents")
        msg.text(f"About {describe_duration(setting.seconds(plan.effort))}")
    for described in plan.contenders.values():
        if described.missing is not None:
            msg.text(f"Not measured: {described.title}: {described.missing}")
    if plan.soak:
        msg.text(f"Soak: {plan.soak:,} documents")
    msg.text(f"{plan.effort.rounds} rounds, {plan.effort.seconds:g} s for a contender in each")
    total = describe_duration(estimate_seconds(plan.settings, plan.effort, plan.soak))
    msg.text(f"Estimate: {total}, on a machine that does nothing else")
    msg.text(f"Would write {out}/benchmark.json, {out}/benchmark.md and {out}/benchmark.svg")


def print_result(benchmark: Benchmark) -> None:
    for setting in benchmark.settings:
        msg.divider(f"{setting.name}: {TOKENS} tokens, batches of {BATCH_SIZE}")
        header, rows = headline_rows(benchmark, setting)
        msg.table(rows, header=header, divider=True, max_col=_WIDEST)
        for name, error in setting.errors.items():
            msg.fail(f"{benchmark.contenders[name].title} failed and was left out from there on", error)
    msg.divider("Targets")
    header, rows = target_rows(benchmark.targets)
    msg.table(rows, header=header, divider=True, max_col=_WIDEST)


def read_numbers(option: str, text: str) -> list[int]:
    """Numbers with commas between. RAISES (BadInput): where one is none, or not above zero."""
    numbers = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        if not part.isdecimal() or int(part) < 1:
            raise BadInput(f"{option}: a list of numbers above zero, such as '1,8,32', got '{text}'")
        numbers.append(int(part))
    return numbers


def read_threads(text: str) -> list[int]:
    """Numbers of threads; "all" is one for each core."""
    parts = [str(available_cores()) if part.strip() == ALL else part for part in text.split(",")]
    numbers = read_numbers("--threads", ",".join(parts))
    if not numbers:
        raise BadInput(f"--threads: at least one number, or 'all', got '{text}'")
    return numbers


@app.command()
def main(
    *,
    compiled: Annotated[str, typer.Option(help="Folder or name of the compiled pipeline.")] = "training/compiled",
    model: Annotated[str, typer.Option(help="Folder or name of the trainable pipeline.")] = "training/model-best",
    encoder: Annotated[Path, typer.Option(help="Folder with the tokenizer of the Hugging Face models.")] = Path(
        "assets/encoders/all-MiniLM-L6-v2"
    ),
    corpus: Annotated[Path, typer.Option(help="Folder that 'convert' wrote.")] = Path("corpus"),
    split: Annotated[str, typer.Option(help="Its split whose texts are read: dev, test or train.")] = "test",
    domain: Annotated[Path, typer.Option(help="The domain file: how many labels a head has.")] = Path(
        "configs/finance.yml"
    ),
    contenders: Annotated[
        str | None,
        typer.Option(help=f"With commas between: {', '.join(NAMES)}. Default: those that are there."),
    ] = None,
    threads: Annotated[
        str,
        typer.Option(help="Numbers of threads, with commas between; all: one a core. The first is measured in full."),
    ] = "1,all",
    isa: Annotated[
        str,
        typer.Option(
            help="Measure ours once more with instruction sets cut to this (ONEDNN_MAX_CPU_ISA of the processes), such "
            f"as {WITHOUT_AMX}. auto: to that, where the processor has AMX. none: do not."
        ),
    ] = AUTO,
    lengths: Annotated[str, typer.Option(help="Tokens of a document, with commas between.")] = LENGTHS,
    batch_sizes: Annotated[str, typer.Option(help="Documents of a batch, with commas between.")] = BATCH_SIZES,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each measurement.")] = ROUNDS,
    seconds: Annotated[
        float,
        typer.Option(min=0.001, help="Given to a contender in each round: it reads as many texts as it can in that."),
    ] = SECONDS,
    quick: Annotated[bool, typer.Option("--quick", help="A look: two short rounds, few cells, no growth.")] = False,
    soak: Annotated[
        int, typer.Option(min=0, help="Documents to read while memory is watched, such as 200000; 0: none.")
    ] = 0,
    price_per_core_hour: Annotated[
        float, typer.Option(min=0, help="Of your machine, in any currency, for the cost of a million documents.")
    ] = 0.05,
    seed: Annotated[int, typer.Option(help="Of the texts and of the order in which contenders take turns.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for benchmark.json, .md and .svg.")] = Path("reports"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done and how long, and stop.")] = False,
) -> None:
    """Time the compiled pipeline beside the trainable one, Hugging Face pipelines and its own bare encoder.

    All read the same texts, real sentences of the corpus at a given length, each in a process of its own, taking turns
    in rounds: documents per second by batch size and by length, one thread and all cores; p50 and p99 of a single
    document; memory; where the time goes, by component; how it grows; what a million documents cost. The report says
    for each target whether it is met.

    The Hugging Face contenders are how most people start: a pipeline with a model of its own for each task, of
    BERT-base's or MiniLM's size. Their weights are random, on which speed does not depend: nothing is downloaded.

    A contender that is not there or fails is left out and named. Close what else runs on the machine; --dry-run
    estimates the time.
    """
    if split not in SPLITS:
        raise BadInput(f"--split must be one of {', '.join(SPLITS)}, got '{split}'")
    labels = load_domain(domain)
    known = list_contenders(
        compiled=compiled,
        trainable=model,
        tokenizer=encoder,
        entities=[name for name, label in labels.entities.items() if label.found_by == RECOGNISER],
        classifiers={name: list(classifier.labels) for name, classifier in labels.classifiers.items()},
    )
    wanted = None if contenders is None else [name.strip() for name in contenders.split(",") if name.strip()]
    measured, missing = choose_contenders(known, wanted)
    for name, problem in missing.items():
        if wanted is None:
            msg.warn(f"{known[name].title}: left out", problem)
    if quick:
        rounds = QUICK_ROUNDS if rounds == ROUNDS else rounds
        seconds = QUICK_SECONDS if seconds == SECONDS else seconds
        lengths = QUICK_LENGTHS if lengths == LENGTHS else lengths
        batch_sizes = QUICK_BATCH_SIZES if batch_sizes == BATCH_SIZES else batch_sizes
    limit = {AUTO: WITHOUT_AMX if has_amx() else None, NONE: None}.get(isa, isa)
    path = corpus / f"{split}.jsonl"
    plan = Plan(
        contenders={name: Described(item.title, item.how, missing.get(name)) for name, item in known.items()},
        measured=measured,
        settings=list_settings(
            measured,
            threads=read_threads(threads),
            isa=limit,
            lengths=read_numbers("--lengths", lengths),
            batch_sizes=read_numbers("--batch-sizes", batch_sizes),
        ),
        effort=Effort(rounds, seconds, quick),
        sources=read_texts(path),
        corpus=path,
        lang=labels.lang,
        price_per_core_hour=price_per_core_hour,
        soak=soak,
        seed=seed,
    )
    if dry_run:
        print_plan(plan, out)
        return
    arguments = ["--compiled", compiled, "--model", model, "--encoder", str(encoder), "--corpus", str(corpus)]
    arguments += ["--split", split, "--domain", str(domain), "--threads", threads, "--isa", isa, "--lengths", lengths]
    arguments += ["--batch-sizes", batch_sizes, "--rounds", str(rounds), "--seconds", f"{seconds:g}"]
    arguments += ["--soak", str(soak), "--price-per-core-hour", f"{price_per_core_hour:g}", "--seed", str(seed)]
    arguments += ["--out", str(out), *(["--contenders", contenders] if contenders else []), *(["--quick"] * quick)]
    benchmark = run_benchmark(plan, "python -m scripts benchmark " + shlex.join(arguments))
    paths = write_report(benchmark, out)
    print_result(benchmark)
    msg.good(", ".join(map(str, paths)))
