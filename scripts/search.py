"""Step `search`: look for better settings of the training config, by the balanced score on dev.

Optuna's tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization") proposes
the settings of each trial from the scores of those before. Test is never read.
"""

import json
import shlex
import shutil
from pathlib import Path
from typing import Annotated, Any, Literal

import optuna
import srsly
import typer
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator
from wasabi import msg

from .errors import BadInput, require_file
from .evaluation.corpus import read_manifest
from .evaluation.provenance import git_state, now
from .experiments.plan import ConfigKey, describe_problem
from .experiments.steps import BEST, LAST, LOG, StepFailed, how_it_ended, run_step
from .files import file_sha256, write_json, write_text
from .overrides import write_settings
from .progress import progress_bar
from .train import override

STUDY, REPORT = "study.db", "search"
# What the study is of: with other inputs, scores cannot be compared, so it must begin anew.
INPUTS = "inputs"
MAX_FAILURES = 3  # of one start, after which something is wrong with more than the settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Strict):
    """Numbers from `low` to `high`, both included; `log`: evenly by their logarithm."""

    kind: Literal["float", "int"] = "float"
    low: float
    high: float
    log: bool = False

    @model_validator(mode="after")
    def _check(self) -> "Range":
        if not self.low < self.high:
            raise ValueError(f"low must be below high, got {self.low:g} and {self.high:g}")
        if self.log and self.low <= 0.0:
            raise ValueError(f"a logarithmic range must begin above 0, got {self.low:g}")
        return self

    def suggest(self, trial: optuna.Trial, key: str) -> Any:
        if self.kind == "int":
            return trial.suggest_int(key, round(self.low), round(self.high), log=self.log)
        return trial.suggest_float(key, self.low, self.high, log=self.log)


class Choice(_Strict):
    """One of some values."""

    choices: Annotated[list[str | int | float | bool], Field(min_length=2)]

    def suggest(self, trial: optuna.Trial, key: str) -> Any:
        return trial.suggest_categorical(key, self.choices)


class SearchSpace(_Strict):
    """The file of a search.

    set (dict): what all trials change in the config. start (dict): the settings of the first trial, those that are good
        already; a key that is left out is chosen.
    space (dict): dotted key of the training config to its values.
    """

    title: str
    description: str = ""
    set: dict[ConfigKey, JsonValue] = {}
    start: dict[ConfigKey, JsonValue] = {}
    space: Annotated[dict[ConfigKey, Range | Choice], Field(min_length=1)]

    @model_validator(mode="after")
    def _check(self) -> "SearchSpace":
        strange = [key for key in self.start if key not in self.space]
        if strange:
            raise ValueError(f"start: '{strange[0]}' is not in 'space': put it under 'set'")
        both = [key for key in self.set if key in self.space]
        if both:
            raise ValueError(f"set: '{both[0]}' is in 'space' too: keep one")
        return self


def load_space(path: Path, config: Path) -> SearchSpace:
    """RAISES (BadInput): where the file is wrong, or the config has not one of its keys."""
    try:
        space = SearchSpace.model_validate(srsly.read_yaml(path))
    except ValidationError as error:
        raise BadInput(describe_problem(error, SearchSpace, Range), path=path) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot read the search: {error}", path=path) from None
    override(config, {**space.set, **dict.fromkeys(space.space, None)})
    return space


def open_study(space: SearchSpace, out: Path, seed: int, inputs: dict[str, Any]) -> optuna.Study:
    """The study of a folder, new or as it was left.

    RAISES (BadInput): where what is there is of other inputs.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        study_name=REPORT,
        storage=f"sqlite:///{out / STUDY}",
        sampler=optuna.samplers.TPESampler(seed=seed),
        direction="maximize",
        load_if_exists=True,
    )
    known = study.user_attrs.get(INPUTS)
    if known is None:
        study.set_user_attr(INPUTS, inputs)
        if space.start:
            study.enqueue_trial(space.start)
    elif known != inputs:
        changed = ", ".join(name for name in inputs if known.get(name) != inputs[name])
        raise BadInput(
            f"holds trials of other inputs ({changed}), with which new ones cannot be compared: choose another --out, "
            "or remove this folder",
            path=out,
        )
    return study


def take_up(study: optuna.Study) -> None:
    """Let a trial that was under way when the search was stopped begin anew."""
    for trial in study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,)):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        study.enqueue_trial(trial.params)


def count_done(study: optuna.Study) -> int:
    """The trials that have a score."""
    return sum(trial.value is not None for trial in study.get_trials(deepcopy=False))


def best_score(log: Path) -> float:
    """The best balanced score on dev that the log of a training tells.

    RAISES (ValueError, OSError): where it tells none.
    """
    lines = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    return max(line["score"] for line in lines if line.get("score") is not None)


def write_results(study: optuna.Study, space: SearchSpace, folder: Path, command: str) -> list[Path]:
    """Write the trials, the best first, as JSON and as Markdown."""
    done = sorted((trial for trial in study.get_trials() if trial.value is not None), key=lambda trial: -trial.value)
    trials = [
        {
            "trial": trial.number,
            "score": trial.value,
            "settings": trial.params,
            "minutes": round(trial.duration.total_seconds() / 60, 1) if trial.duration else None,
        }
        for trial in done
    ]
    commit, dirty = git_state(Path.cwd())
    data = {
        "title": space.title,
        "command": command,
        "date": now(),
        "git_commit": commit,
        "git_dirty": dirty,
        "set": space.set,
        "inputs": study.user_attrs[INPUTS],
        "failed": sum(trial.state.name == "FAIL" for trial in study.get_trials(deepcopy=False)),
        "trials": trials,
    }
    keys = list(space.space)
    rows = [
        [f"{trial['score']:.4f}", str(trial["trial"]), *(show(trial["settings"].get(key)) for key in keys)]
        for trial in trials
    ]
    header = ["score on dev", "trial", *(f"`{key}`" for key in keys)]
    table = "\n".join("| " + " | ".join(row) + " |" for row in (header, ["---"] * len(header), *rows))
    settings = shlex.join(write_settings({**space.set, **done[0].params}))
    text = (
        f"# {space.title}\n\n{space.description.strip()}\n\n`{command}`: {len(trials)} trials, the best first. The "
        "score is the balanced one by which a training keeps its best step. One seed each: see how much the seed alone "
        f"changes with `python -m scripts experiment` before a small difference is believed.\n\n{table}\n\n"
        f"Train with the best:\n\n```bash\npython -m scripts train {settings}\n```\n"
    )
    paths = [folder / f"{REPORT}.json", folder / f"{REPORT}.md"]
    write_json(paths[0], data)
    write_text(paths[1], text)
    return paths


def show(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def run_trial(folder: Path, common: list[str], settings: dict[str, Any]) -> float:
    """Train once; only the logs of it stay.

    RAISES (StepFailed): where the training failed or left no score.
    """
    folder.mkdir(parents=True, exist_ok=True)
    status = run_step(["train", *common, "--out", str(folder), *write_settings(settings)], folder / LOG)
    for name in (BEST, LAST):
        shutil.rmtree(folder / name, ignore_errors=True)
    if status != 0:
        raise StepFailed("train", how_it_ended(status), folder / LOG)
    try:
        return best_score(folder / "log.jsonl")
    except (OSError, ValueError, KeyError) as error:
        raise StepFailed("train", f"left no score ({type(error).__name__}: {error})", folder / LOG) from None


@app.command()
def main(
    *,
    space_path: Annotated[
        Path, typer.Argument(metavar="SPACE", help="The file of the search, such as configs/search.yml.", exists=True)
    ] = Path("configs/search.yml"),
    trials: Annotated[
        int, typer.Option(min=1, help="Trials to have in the end, those of earlier starts included.")
    ] = 20,
    config: Annotated[Path, typer.Option(help="The training config.", exists=True)] = Path("configs/train.cfg"),
    corpus: Annotated[Path, typer.Option(help="Folder that 'convert' wrote.")] = Path("corpus"),
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    encoder: Annotated[str, typer.Option(help="A Hugging Face name or a folder.")] = "assets/encoders/all-MiniLM-L6-v2",
    gazetteer: Annotated[Path, typer.Option(help="Companies of the component 'company'.")] = Path(
        "assets/gazetteers/companies.csv"
    ),
    epochs: Annotated[float, typer.Option(min=0, help="Passes over the corpus; 0: by its size.")] = 0,
    max_steps: Annotated[int, typer.Option(min=0, help="Steps, if not from epochs; 0: from epochs.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the trainings and of the search.")] = 0,
    gpu_id: Annotated[int, typer.Option(help="GPU to use, -1: CPU.")] = -1,
    out: Annotated[Path, typer.Option(help="Folder of the study and of the trials' logs.")] = Path("training/search"),
    reports: Annotated[Path, typer.Option(help="Folder of search.json and search.md.")] = Path("reports"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file, say what is done, and stop.")] = False,
) -> None:
    """Train with settings that the search proposes, and write which did best on dev.

    Stop it at any time: started again with the same options it goes on, up to as many trials as --trials says.
    """
    space = load_space(space_path, config)
    require_file(corpus / "train.spacy", "convert")
    sha256 = read_manifest(corpus).sha256
    inputs = {
        "space": space.model_dump(mode="json", include={"set", "space"}),
        "config": file_sha256(config),
        "train": sha256["train"],
        "dev": sha256["dev"],
        "domain": file_sha256(domain_path),
        "gazetteer": file_sha256(gazetteer),
        "encoder": encoder,
        "length": [epochs, max_steps],
        "seed": seed,
    }
    if dry_run:
        # Nothing is taken up: another process may be at it.
        done = count_done(open_study(space, out, seed, inputs)) if (out / STUDY).exists() else 0
        msg.text(f"{done} of {trials} trials done, over {', '.join(space.space)}")
        return
    out.mkdir(parents=True, exist_ok=True)
    study = open_study(space, out, seed, inputs)
    take_up(study)
    common = ["--config", str(config), "--corpus", str(corpus), "--domain", str(domain_path), "--encoder", encoder]
    common += ["--gazetteer", str(gazetteer), "--epochs", str(epochs), "--max-steps", str(max_steps)]
    common += ["--seed", str(seed), "--gpu-id", str(gpu_id)]
    done = count_done(study)
    failures = 0
    with progress_bar(total=trials, initial=min(done, trials), unit="trial") as bar:
        while done < trials:
            trial = study.ask()
            settings = {**space.set, **{key: values.suggest(trial, key) for key, values in space.space.items()}}
            try:
                score = run_trial(out / f"trial-{trial.number}", common, settings)
            except StepFailed as error:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
                failures += 1
                with bar.external_write_mode():
                    msg.fail(f"trial {trial.number}: {error}", "\n".join(error.last_lines))
                if failures >= MAX_FAILURES:
                    raise BadInput(f"{failures} trials failed in this run: see {error.log}") from None
                continue
            study.tell(trial, score)
            done += 1
            bar.update()
            bar.set_postfix(best=f"{study.best_value:.4f}")
    command = f"python -m scripts search {space_path} --trials {trials} --out {out}"
    paths = write_results(study, space, reports, command)
    best = ", ".join(f"{key} {show(value)}" for key, value in study.best_params.items())
    msg.good(f"{study.best_value:.4f} on dev with {best}; {', '.join(map(str, paths))}")
