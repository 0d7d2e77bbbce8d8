"""Step `annotate`: documents at scale, with a trained pipeline; see the package `annotation`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from wasabi import msg

from .annotation.annotator import Job, count_bad_rows, first_bad_rows, quarantine_shard
from .annotation.cluster import RayEngine
from .annotation.folder import (
    SUMMARY,
    check_folder,
    check_same,
    clear,
    finished_shards,
    read_plan,
    sweep,
    taken,
    write_plan,
)
from .annotation.inputs import Source, find_sources
from .annotation.local import LocalEngine
from .annotation.plan import Model, Options, Plan, identify_model, make_plan
from .annotation.scheduler import Engine, Scheduler
from .convert import choice
from .errors import BadInput
from .evaluation.provenance import available_cores, now
from .files import write_json
from .parquet import import_parquet
from .progress import progress_bar

MAX_SHOWN = 5
INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def find_plan(sources: Sequence[Source], model: Model, options: Options, out: Path, *, restart: bool) -> Plan:
    """The plan of the folder, or a new one; nothing is written.

    RAISES (BadInput): the folder holds documents of another run.
    """
    plan = None if restart else read_plan(out)
    if plan is not None:
        return check_same(plan, sources, model, options, out)
    size = sum(source.path.stat().st_size for source in sources)
    with progress_bar(total=size, desc="Reading", unit="B", unit_scale=True, leave=False) as bar:
        return make_plan(sources, model, options, bar.update)


@contextmanager
def open_engine(name: str, job: Job, workers: int | None, address: str | None) -> Iterator[tuple[Engine, int]]:
    """RETURNS (tuple): the engine, and how many workers to have."""
    if name == "local":
        with LocalEngine(job) as local:
            yield local, workers or max(1, available_cores() // job.threads)
        return
    if address is None:
        workers = workers or max(1, available_cores() // job.threads)
    with RayEngine(job, address=address, workers=workers) as cluster:
        if not cluster.slots:
            raise BadInput(f"the cluster has no {job.threads} processors for a worker")
        yield cluster, workers or cluster.slots


def annotate(job: Job, *, engine: str, workers: int | None, address: str | None) -> None:
    """Do the shards that are not done. RAISES (BadInput): it makes no sense to go on."""
    plan = job.plan
    done = finished_shards(job.out, plan)
    todo = [shard for shard in plan.shards if shard.number not in done]
    if not todo:
        return
    rows_done = plan.rows - sum(shard.rows for shard in todo)
    if rows_done:
        msg.info(f"{rows_done} of {plan.rows} documents were done before")

    def give_up(shard: Any, reason: str) -> None:
        quarantine_shard(job, shard, reason)

    with (
        progress_bar(total=plan.rows, initial=rows_done, desc="Annotating", unit=" docs") as bar,
        open_engine(engine, job, workers, address) as (crew, size),
    ):
        Scheduler(crew, todo, workers=min(size, len(todo)), advance=bar.update, give_up=give_up).run()


def report(plan: Plan, out: Path) -> int:
    """Print and write the counts; RETURNS (int): how many rows are bad.

    RAISES (BadInput): not one was annotated.
    """
    bad = count_bad_rows(out)
    documents = plan.rows - bad
    write_json(out / SUMMARY, {"documents": documents, "bad_rows": bad, "parts": len(plan.shards), "finished": now()})
    if bad:
        msg.warn(f"{bad} bad rows in {out}/quarantine-*.jsonl, each with its reason")
        for row in first_bad_rows(out, MAX_SHOWN):
            msg.text(f"  {row['file']}:{row['line']}: {row['reason']}")
        if bad > MAX_SHOWN:
            msg.text(f"  … and {bad - MAX_SHOWN} more")
    if not documents:
        raise BadInput("not one row could be annotated: is the text in another field? See --text-field", path=out)
    msg.good(f"{documents} documents in {out}/part-*.{plan.options.format}")
    return bad


def describe(plan: Plan, sources: Sequence[Source], out: Path, workers: str) -> None:
    """What a dry run prints."""
    done = finished_shards(out, plan)
    for number, (file, source) in enumerate(zip(plan.inputs, sources, strict=True)):
        shards = [shard for shard in plan.shards if shard.input == number]
        rows = sum(shard.rows for shard in shards)
        msg.text(f"{source.path}: {rows} rows, {file.size / 1e6:.1f} MB, {len(shards)} shards ({file.format})")
    ready = f", {len(done)} of them done" if done else ""
    msg.text(f"{plan.rows} rows in {len(plan.shards)} shards{ready}, by {workers}")
    msg.text(f"model: {plan.model.name} {plan.model.version} (sha256 {plan.model.sha256[:12]})")
    msg.text(f"output: {out}/part-*.{plan.options.format}")


@app.command()
def main(
    *,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="IN...", help="Files (.jsonl, .csv, .tsv, .parquet), folders with such files, or globs in quotes."
        ),
    ],
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder of the annotated documents, begun or gone on with.")
    ],
    model: Annotated[str, typer.Option(help="The pipeline: a folder or an installed package.")] = "training/compiled",
    text_field: Annotated[str, typer.Option(help="Field or column of the text.")] = "text",
    id_field: Annotated[str, typer.Option(help="Field of the id; without one it is FILE:LINE.")] = "id",
    date_field: Annotated[
        str, typer.Option(help="Field of the day on which the text was written, for 'last quarter' and the like.")
    ] = "reference_date",
    form: Annotated[str, typer.Option("--format", help="Of the output: jsonl or parquet.")] = "jsonl",
    engine: Annotated[
        str, typer.Option(help="local: processes of this machine; ray: actors of a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option("--ray-address", help="Of a running cluster, 'auto' for this machine's; without: Ray is started."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Workers; without: one for each core.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of a worker; more workers do more.")] = 1,
    batch_size: Annotated[int, typer.Option(min=1, help="Documents that the pipeline takes at a time.")] = 64,
    shard_rows: Annotated[
        int, typer.Option(min=1, help="Rows of a shard: what a stop loses, and what a part of the output holds.")
    ] = 1_000,
    max_characters: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Longest text; a longer one is a bad row.")
    ] = 100_000,
    max_word_characters: Annotated[
        int, typer.Option(min=1, help="Longest stretch without a blank; the tokenizer takes time quadratic in it.")
    ] = 2_048,
    on_error: Annotated[
        str, typer.Option(help="Bad rows: skip puts them in quarantine, error does so too and exits with status 1.")
    ] = "skip",
    restart: Annotated[bool, typer.Option("--restart", help="Delete what is in OUT, and begin anew.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
) -> None:
    """Annotate documents with a trained pipeline: entities with values and scores, sentiment, category.

    python -m scripts annotate news.jsonl archive/ 'more/*.parquet' annotated

    Stop it at any time, or let it be killed: the same command goes on where it was. Rows that cannot be annotated are
    in OUT/quarantine-*.jsonl with file, line and reason. OUT/part-*.jsonl together hold the documents in the order of
    the inputs.
    """
    choice(engine, ("local", "ray"), "--engine")
    choice(on_error, ("skip", "error"), "--on-error")
    if address is not None and engine != "ray":
        raise BadInput("--ray-address is for --engine ray")
    options = Options(
        text_field=text_field,
        id_field=id_field,
        date_field=date_field,
        format=choice(form, ("jsonl", "parquet"), "--format"),
        max_characters=max_characters,
        max_word_characters=max_word_characters,
        shard_rows=shard_rows,
    )
    if form == "parquet":
        import_parquet("--format parquet")
    check_folder(out)
    sources = find_sources(inputs, out)
    identity = identify_model(model)
    if dry_run:
        plan = find_plan(sources, identity, options, out, restart=restart)
        describe(plan, sources, out, f"{workers or 'as many as there are cores'} workers ({engine})")
        return
    try:
        with taken(out):
            plan = find_plan(sources, identity, options, out, restart=restart)
            if not plan.rows:
                raise BadInput("there is nothing to annotate: the inputs have no rows")
            if restart:
                clear(out)
            sweep(out)
            write_plan(out, plan)
            place = Path(model)
            job = Job(
                model=str(place.resolve()) if place.exists() else model,
                plan=plan,
                paths=[source.path for source in sources],
                out=out.resolve(),
                threads=threads,
                batch_size=batch_size,
            )
            annotate(job, engine=engine, workers=workers, address=address)
            bad = report(plan, out)
    except KeyboardInterrupt:
        msg.warn(f"Stopped. What is done stays in {out}: the same command goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    if bad and on_error == "error":
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
