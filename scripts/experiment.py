"""Step `experiment`: run variants of one training over several seeds, and write one report of them."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from .durations import describe_duration
from .errors import BadInput
from .evaluation.corpus import read_manifest
from .evaluation.provenance import git_state, now
from .experiments.inputs import Settings
from .experiments.plan import Experiment, check_overrides, load_experiment
from .experiments.report import difference_rows, score_rows, write_report
from .experiments.result import Origin, headline_keys, make_report
from .experiments.runs import Run, copy_twin, do_run, estimate, list_runs
from .experiments.steps import Outcome, StepFailed, run_step, run_steps
from .progress import progress_bar

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    name (str): of the experiment. runs (list): all of them. only (list): variants to run; empty: all.
    """

    name: str
    experiment: Experiment
    settings: Settings
    runs: list[Run]
    only: list[str]

    @property
    def to_do(self) -> list[Run]:
        """The runs that are not done, of the wanted variants."""
        return [run for run in self.runs if run.done is None and (not self.only or run.variant in self.only)]


def make_plan(path: Path, settings: Settings, out: Path, only: Sequence[str], *, twins: bool) -> Plan:
    """Read the experiment and look at what is there.

    RAISES (BadInput): where the experiment, its overrides, the corpus or a variant of `only` is wrong.
    """
    experiment = load_experiment(path)
    for name in only:
        if name not in experiment.variants:
            raise BadInput(f"--only: no variant '{name}'; there are {', '.join(experiment.variants)}", path=path)
    changes = check_overrides(experiment, path, settings.config)
    runs = list_runs(path.stem, changes, experiment.seeds, settings.inputs(), out, twins=twins)
    return Plan(path.stem, experiment, settings, runs, list(only))


def state_of(run: Run) -> str:
    """In words."""
    if run.done is not None:
        return "done"
    again = f"; what was done is stale: {', '.join(run.stale)}" if run.stale else ""
    if run.twin is not None:
        return f"to copy from {run.twin.folder}{again}"
    return f"to do{again}"


def print_plan(plan: Plan) -> None:
    """The runs, which are done, and how long the others will take."""
    rows, total, unknown = [], 0.0, 0
    for run in plan.runs:
        seconds = estimate(run, plan.runs)
        if run.done is not None:
            expected = f"took {describe_duration(run.seconds)}"
        elif run not in plan.to_do:
            expected = "not wanted"
        else:
            expected = describe_duration(seconds)
            total, unknown = total + (seconds or 0.0), unknown + (seconds is None)
        rows.append((run.variant, str(run.inputs.seed), state_of(run), expected))
    msg.table(rows, header=("variant", "seed", "state", "time"), aligns=("l", "r", "l", "r"), divider=True)
    text = f"{len(plan.to_do)} of {len(plan.runs)} runs to do"
    if unknown:
        msg.text(f"{text}; no estimate of the time: no run of this experiment was ever done")
    else:
        msg.text(f"{text}: about {describe_duration(total)}")


def do_runs(plan: Plan, *, keep_models: bool) -> list[Run]:
    """Do what is to do; a run that fails is told, and the others go on. RETURNS (list): those that failed."""
    failed = []
    with progress_bar(total=len(plan.to_do), unit="run") as bar:
        for run in plan.to_do:
            if run.stale:
                with bar.external_write_mode():
                    msg.warn(f"{run.name}: done again, as these are others now: {', '.join(run.stale)}")

            def work(run: Run) -> Outcome:
                def begin(step: str) -> None:
                    bar.set_description(f"{run.name}: {step}")

                return run_steps(
                    plan.settings,
                    run.folder,
                    seed=run.inputs.seed,
                    overrides=run.inputs.set,
                    runner=run_step,
                    begin=begin,
                )

            try:
                if run.twin is not None:
                    copy_twin(run, run.twin)
                    done = f"copied from {run.twin.folder}, which had the same inputs"
                else:
                    done = f"done in {describe_duration(do_run(run, work, keep_models=keep_models).seconds)}"
                with bar.external_write_mode():
                    msg.good(f"{run.name}: {done}")
            except StepFailed as error:
                failed.append(run)
                with bar.external_write_mode():
                    msg.fail(f"{run.name}: {error}", "\n".join(error.last_lines))
            bar.update()
    return failed


def report_on(plan: Plan, origin: Origin, folder: Path) -> list[Path]:
    """Write the report of the runs that are done, and print its main tables."""
    report = make_report(plan.name, plan.experiment, plan.runs, origin)
    paths = write_report(report, folder)
    keys = headline_keys(report)
    header, rows = score_rows(report, keys, minutes=True)
    msg.table(rows, header=header, divider=True)
    if report.baseline is not None and len(report.variants) > 1:
        msg.divider(f"Difference to {report.baseline}")
        header, rows = difference_rows(report, keys, minutes=True)
        msg.table(rows, header=header, divider=True)
    for remark in report.remarks:
        msg.info(remark)
    return paths


@app.command()
def main(
    *,
    experiment: Annotated[
        Path, typer.Argument(help="The experiment, such as configs/experiments/seeds.yml.", exists=True, dir_okay=False)
    ],
    config: Annotated[Path, typer.Option(help="The training config that the variants change.", exists=True)] = Path(
        "configs/train.cfg"
    ),
    corpus: Annotated[Path, typer.Option(help="Folder that 'convert' wrote.")] = Path("corpus"),
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.", exists=True)] = Path(
        "configs/finance.yml"
    ),
    encoder: Annotated[str, typer.Option(help="A Hugging Face name or a folder.")] = "assets/encoders/all-MiniLM-L6-v2",
    gazetteer: Annotated[Path, typer.Option(help="Companies of the component 'company'.", exists=True)] = Path(
        "assets/gazetteers/companies.csv"
    ),
    epochs: Annotated[float, typer.Option(min=0, help="Passes over the corpus; 0: by its size.")] = 0,
    max_steps: Annotated[int, typer.Option(min=0, help="Steps, if not from epochs; 0: from epochs.")] = 0,
    gpu_id: Annotated[int, typer.Option(help="GPU to use, -1: CPU.")] = -1,
    out: Annotated[Path, typer.Option(help="Folder of the runs.")] = Path("training/experiments"),
    reports: Annotated[Path, typer.Option(help="Folder of the report: NAME.json, NAME.md and NAME.svg.")] = Path(
        "reports/experiments"
    ),
    only: Annotated[list[str] | None, typer.Option(help="A variant to run; can be given several times.")] = None,
    keep_models: Annotated[
        bool, typer.Option("--keep-models", help="Keep the best model of every run (about 90 MB each).")
    ] = False,
    report_only: Annotated[bool, typer.Option("--report-only", help="Write the report of what is done.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the runs and their state, and stop.")] = False,
) -> None:
    """Train, calibrate and evaluate every variant of an experiment with every seed, and compare them.

    A run that is done is not done again while its inputs are the same: overrides, seed, config, corpus, domain,
    gazetteer, encoder and length. One that another experiment has done is copied, unless models are to be kept. A run
    that fails is told with its log, and the others go on.
    """
    split = load_experiment(experiment).split
    settings = Settings(config, corpus, domain_path, gazetteer, encoder, epochs, max_steps, gpu_id, split)
    wanted = only or []
    plan = make_plan(experiment, settings, out, wanted, twins=not keep_models)
    if dry_run:
        print_plan(plan)
        msg.text(f"Would write {reports}/{plan.name}.json, .md and .svg")
        return
    failed: list[Run] = []
    if not report_only:
        failed = do_runs(plan, keep_models=keep_models)
        plan = make_plan(experiment, settings, out, wanted, twins=False)
    if all(run.done is None for run in plan.runs):
        stale = sum(1 for run in plan.runs if run.stale)
        hint = f" ({stale} are stale: see --dry-run)" if stale else ""
        raise BadInput(f"no run of this experiment is done{hint}, so there is nothing to report", path=experiment)
    info = read_manifest(corpus)
    arguments = [str(experiment), "--config", str(config), "--corpus", str(corpus), "--domain", str(domain_path)]
    arguments += ["--encoder", encoder, "--gazetteer", str(gazetteer), "--out", str(out), "--reports", str(reports)]
    arguments += ["--epochs", f"{epochs:g}"] if epochs else []
    arguments += ["--max-steps", str(max_steps)] if max_steps else []
    origin = Origin(
        date=now(),
        command="python -m scripts experiment " + shlex.join(arguments),
        git_commit=git_state(Path.cwd())[0],
        mix=info.mix,
        corpus_sha256=info.sha256,
        documents=info.documents,
        split=split,
    )
    paths = report_on(plan, origin, reports)
    msg.good(", ".join(map(str, paths)))
    if failed:
        msg.fail(f"{len(failed)} runs failed: {'; '.join(run.name for run in failed)}")
        raise typer.Exit(1)
