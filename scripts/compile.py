"""Step `compile`: the trained pipeline as one that needs no PyTorch, with every form of it that agrees with it."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import spacy
import typer
from spacy.language import Language
from wasabi import msg

from bellwether.compiled_encoder.forms import (
    AUTO,
    PRECISIONS,
    RUNTIMES,
    Form,
    has_bfloat16,
    rank_forms,
    relevant_flags,
)
from bellwether.compiled_encoder.runtimes import graph_files

from .compilation import COMPONENT
from .compilation.assemble import assemble, transformer_name, write_settings
from .compilation.gate import Agreement, Limits, ask, compare, name_form, score_keys
from .compilation.graphs import CALIBRATION_TEXTS, list_variants, remake
from .compilation.report import REPORTS, write_reports
from .errors import BadInput, ErrorLog
from .evaluation.corpus import DEV, TRAIN, check_records, load_corpus, read_manifest
from .evaluation.pipeline import load_pipeline, read_meta
from .evaluation.speed import spread
from .records import read_jsonl

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def possible_forms(runtime: str, precision: str) -> tuple[list[Form], dict[str, str]]:
    """The forms to make, and those that were not, with the reason.

    A form is not made that this processor could only imitate, because the gate would judge something else.
    """
    runtimes = RUNTIMES if runtime == "all" else (runtime,)
    precisions = PRECISIONS if precision == AUTO else (precision,)
    forms, left_out = [], {}
    for form in (Form.parse(f"{name}-{kind}") for name in runtimes for kind in precisions):
        if form.precision == "bf16" and form.runtime == "onnxruntime":
            left_out[str(form)] = "ONNX Runtime has no bfloat16 on a CPU"
        elif form.precision == "bf16" and not has_bfloat16():
            left_out[str(form)] = "this processor has no instructions for it: compile on one that has"
        else:
            forms.append(form)
    if not forms:
        raise BadInput("no form is left: " + "; ".join(f"{form}: {reason}" for form, reason in left_out.items()))
    return forms, left_out


def load_form(folder: Path, form: Form) -> Language:
    """The compiled pipeline in one of its forms."""
    section = f"components.{COMPONENT}"
    return spacy.load(folder, config={f"{section}.runtime": form.runtime, f"{section}.precision": form.precision})


def keep_forms(folder: Path, agreements: list[Agreement]) -> list[Form]:
    """Leave the forms in a compiled pipeline that passed, and the files that they need."""
    passed = [agreement for agreement in agreements if agreement.passes]
    kept = [Form.parse(agreement.form) for agreement in passed]
    needed = {name for form in kept for name in graph_files(form)}
    for path in (folder / COMPONENT).glob("encoder.*"):
        if path.name not in needed:
            path.unlink()
    gate = {
        agreement.form: {
            "docs": agreement.docs,
            "variant": agreement.variant,
            "scores": {head.key: head.compiled for head in agreement.heads},
            "lost": {head.key: head.lost for head in agreement.heads},
            "changed": agreement.changed,
        }
        for agreement in passed
    }
    write_settings(folder, None, gate)
    return kept


def replace_folder(new: Path, old: Path) -> None:
    """Put a folder in the place of another, which may be there."""
    if old.exists():
        shutil.rmtree(old)
    new.rename(old)


@app.command()
def main(
    *,
    model: Annotated[str, typer.Option(help="The trained pipeline: a folder, or an installed package.")] = (
        "training/model-best"
    ),
    corpus: Annotated[Path, typer.Option(help="Folder that 'convert' wrote.")] = Path("corpus"),
    out: Annotated[Path, typer.Option(help="Folder for the compiled pipeline.")] = Path("training/compiled"),
    reports: Annotated[Path, typer.Option(help="Folder for compile.json and compile.md.")] = Path("reports"),
    name: Annotated[str, typer.Option(help="Name of the compiled pipeline, without its language.")] = "finance",
    precision: Annotated[
        Literal["auto", "fp32", "bf16", "int8"],
        typer.Option(help="auto: all that pass the gate, and the processor decides when the pipeline is loaded."),
    ] = "auto",
    runtime: Annotated[
        Literal["openvino", "onnxruntime", "all"],
        typer.Option(help="The library that computes; ONNX Runtime is smaller, OpenVINO faster and closer to fp32."),
    ] = "openvino",
    max_loss: Annotated[float, typer.Option(min=0, help="Points of F1 that a head may lose.")] = 0.5,
    max_changed: Annotated[float, typer.Option(min=0, help="% of documents that may get another class.")] = 1.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
) -> None:
    """Turn the trained pipeline into one that needs no PyTorch, and check that it gives the same answers.

    The encoder becomes a graph in several precisions (forms); the heads keep their weights. Every form analyses the
    documents of dev, as the trained pipeline does, and only those that agree with it go into the compiled pipeline;
    int8 is tried with more and more of its layers in floats until it does, fp32 with weights in 16 and in 32 bits.
    When it is loaded, it takes the form that suits the processor. Fails where no form agrees.
    """
    forms, left_out = possible_forms(runtime, precision)
    limits = Limits(f1=max_loss / 100, changed=max_changed / 100)
    meta = read_meta(model)
    info = read_manifest(corpus)
    pipeline = f"{meta['lang']}_{name}"
    if dry_run:
        msg.text(f"Pipeline: {meta['lang']}_{meta['name']} {meta['version']} from {model}, to be {pipeline}")
        msg.text(f"Forms: {', '.join(map(str, forms))}")
        for missing, reason in left_out.items():
            msg.text(f"Not {missing}: {reason}")
        msg.text(f"Ranges of int8 from {CALIBRATION_TEXTS} texts of train; gate on {info.documents[DEV]} texts of dev")
        msg.text("Would write " + ", ".join([f"{out}/", *(f"{reports}/{report}" for report in REPORTS)]))
        return
    nlp = load_pipeline(model)
    transformer_name(nlp, model)
    loaded = load_corpus(corpus, nlp.vocab, (DEV,))
    gold = loaded.docs[DEV]
    check_records(corpus, loaded.info, TRAIN)
    # From all over the corpus, whose sources stand one after another.
    records = read_jsonl(corpus / f"{TRAIN}.jsonl", ErrorLog())
    texts = spread([record.text for record in records], CALIBRATION_TEXTS)
    msg.info(f"{model}: {len(gold)} documents of dev")
    trained = ask(nlp, gold, score_keys(nlp))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as temporary:
        folder = Path(temporary, "compiled")
        msg.info(f"Compiling: {', '.join(map(str, forms))}")
        calibration = assemble(nlp, forms, texts, folder, model=model, name=name)
        agreements = []
        for form in forms:
            for attempt, variant in enumerate(list_variants(form)):
                if attempt:
                    remake(form, variant, calibration, folder / COMPONENT)
                msg.info(f"{name_form(str(form), str(variant))}: the same documents")
                compiled = ask(load_form(folder, form), gold, trained.scores)
                agreement = replace(compare(trained, compiled, str(form), limits), variant=str(variant))
                agreements.append(agreement)
                if agreement.passes:
                    break
        paths = write_reports(
            reports,
            pipeline=pipeline,
            trained=trained,
            agreements=agreements,
            left_out=left_out,
            limits=limits,
            corpus=loaded.info,
            processor={"flags": relevant_flags()},
        )
        for agreement in agreements:
            for problem in agreement.problems:
                msg.warn(f"{agreement.title} does not agree: {problem}")
        kept = keep_forms(folder, agreements)
        if not kept:
            raise BadInput(
                f"no form agrees with the trained pipeline: see {paths[1]}. More documents in dev make the check less "
                "fickle; --max-loss and --max-changed set its limits",
                path=model,
            )
        replace_folder(folder, out)
    for missing, reason in left_out.items():
        msg.info(f"Left out {missing}: {reason}")
    best = rank_forms(kept)
    msg.good(f"{out}: {', '.join(map(str, kept))}; on this processor {best[0] if best else kept[0]}")
    msg.text(", ".join(map(str, paths)))
