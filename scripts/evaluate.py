"""Step `evaluate`: score a pipeline on the test split, or on dev to choose by; write `evaluation.json`,
`evaluation.html` and `model_card.md`."""

import shlex
from pathlib import Path
from typing import Annotated, Literal

import spacy
import typer
from spacy.language import Language
from spacy.training import Example
from wasabi import msg

from bellwether.scoped_textcat import gold_label
from bellwether.targets import ENTITY_SENTIMENT

from .domain import Domain, load_domain
from .errors import BadInput
from .evaluation.bootstrap import Bootstrap
from .evaluation.calibration import recogniser_threshold, temperature_of
from .evaluation.card import write_card
from .evaluation.classification import collect_answers, collect_tones, score_classifier
from .evaluation.corpus import DEV, TEST, TRAIN, Corpus, load_corpus, read_manifest
from .evaluation.cost import LOG, WATTS, training_cost
from .evaluation.entities import entity_documents, score_entities, training_counts, training_surfaces
from .evaluation.pipeline import Findings, describe, findings, load_pipeline, locate, predict, read_meta
from .evaluation.previous import Previous, previous_remarks, run_previous
from .evaluation.provenance import git_state, now, versions
from .evaluation.report import write_report
from .evaluation.result import (
    FORMAT,
    MODEL_CARD,
    ClassifierScores,
    Comparison,
    EntityScores,
    Evaluation,
    Run,
    TrainingCost,
    ValueScores,
)
from .evaluation.speed import measure_speed
from .evaluation.summary import headline_scores, make_remarks
from .evaluation.systems import compare_classifier, compare_recogniser, train_answers
from .evaluation.values import carries_values, score_values
from .records import NER

WORST = 10
RESAMPLES = 1000
REPORTS = ("evaluation.json", "evaluation.html", MODEL_CARD)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def check_gold(examples: list[Example], found: Findings) -> None:
    """Raise BadInput where a component of the pipeline has nothing to be scored on."""
    if not (found.recogniser or found.normalizers or found.classifiers):
        raise BadInput("the pipeline has none of the domain's components: is it a pipeline for this domain?")
    entity_labels = found.recogniser or found.normalizers
    if entity_labels and not entity_documents(examples, entity_labels):
        raise BadInput(
            f"no test document carries the layer '{NER}' with one of {', '.join(entity_labels)}, so entities cannot be "
            "scored: choose a mix with test documents for them, or evaluate a pipeline without them"
        )
    for name in found.classifiers:
        if all(gold_label(example.reference, name) is None for example in examples):
            raise BadInput(
                f"no test document carries the layer '{name}', so this classifier cannot be scored: "
                "choose a mix with test documents for it, or evaluate a pipeline without it"
            )


def evaluate_pipeline(
    nlp: Language,
    corpus: Corpus,
    domain: Domain,
    *,
    model: str,
    command: str,
    bootstrap: Bootstrap,
    baselines: bool = True,
    previous: Previous | None = None,
    speed: bool = False,
    training: TrainingCost | None = None,
    worst: int = WORST,
    split: str = TEST,
) -> Evaluation:
    """Score a pipeline on the test docs of a corpus, or on another split.

    corpus (Corpus): with train and dev, where baselines are wanted.
    model (str), command (str): how the pipeline was named and the step was called, for the report.
    baselines (bool): train and compare the baselines.
    previous (Previous | None): an earlier release to compare with. speed (bool): time the pipeline.
    training (TrainingCost | None): what the training took, for the report.
    worst (int): how many errors of each kind to keep.
    RAISES (BadInput): where a component has no gold.
    """
    found = findings(nlp, domain)
    train = corpus.docs.get(TRAIN)
    examples, seconds = predict(nlp, corpus.docs[split])
    check_gold(examples, found)
    entities: EntityScores | None = None
    values: dict[str, ValueScores] = {}
    classifiers: dict[str, ClassifierScores] = {}
    comparisons: dict[str, Comparison | None] = {}
    if found.recogniser or found.normalizers:
        entities = score_entities(
            examples,
            recogniser=found.recogniser,
            normalizers=found.normalizers,
            not_found=found.not_found,
            surfaces=None if train is None else training_surfaces(train, found.recogniser),
            bootstrap=bootstrap,
            worst=worst,
            temperature=temperature_of(nlp, NER),
            threshold=recogniser_threshold(nlp, NER),
            train=None if train is None else training_counts(train, found.recogniser),
        )
        for label in found.normalizers:
            if carries_values(examples, label):
                values[label] = score_values(examples, label, domain.entities[label].found_by, bootstrap)
    if found.recogniser:
        comparisons[NER] = compare_recogniser(
            nlp.vocab, examples, corpus, found.recogniser, bootstrap, baselines=baselines, previous=previous
        )
    questions = {name: collect_answers(examples, name) for name in found.classifiers}
    if ENTITY_SENTIMENT in nlp.pipe_names and (tones := collect_tones(examples, ENTITY_SENTIMENT)):
        questions[ENTITY_SENTIMENT] = tones
    for name, answers in questions.items():
        known = domain.labels_of(name)
        classifiers[name] = score_classifier(
            answers,
            known=known,
            bootstrap=bootstrap,
            worst=worst,
            temperature=temperature_of(nlp, name),
            train=train_answers(train, name),
        )
        comparisons[name] = compare_classifier(
            name, answers, corpus, known, bootstrap, baselines=baselines, previous=previous
        )
    commit, dirty = git_state(Path.cwd())
    predicted_labels = {ent.label_ for example in examples for ent in example.predicted.ents}
    remarks = make_remarks(
        found,
        entities,
        values,
        classifiers,
        unknown_labels=sorted(predicted_labels - set(domain.entity_labels)),
        git_dirty=dirty,
    )
    if split != TEST:
        remarks.insert(0, f"These are scores on {split}, which chose the training's best step and the temperatures.")
    if previous is not None:
        remarks += previous_remarks(previous, found, tones=ENTITY_SENTIMENT in questions)
    return Evaluation(
        format=FORMAT,
        scores=headline_scores(entities, values, classifiers),
        pipeline=describe(nlp, model),
        corpus=corpus.info,
        run=Run(
            date=now(),
            split=split,
            git_commit=commit,
            git_dirty=dirty,
            command=command,
            seed=bootstrap.seed,
            resamples=bootstrap.resamples,
            confidence=bootstrap.confidence,
            prediction_seconds=round(seconds, 1),
            versions=versions(),
        ),
        entities=entities,
        values=values,
        classifiers=classifiers,
        comparisons={name: comparison for name, comparison in comparisons.items() if comparison is not None},
        remarks=remarks,
        speed=measure_speed(nlp, [doc.text for doc in corpus.docs[split]]) if speed else None,
        training=training,
        previous=None if previous is None else previous.pipeline,
    )


def print_plan(
    model: str, corpus: Path, domain: Domain, out: Path, baselines: bool, previous: str | None, split: str
) -> None:
    """Say what would be done, after checking that the inputs are there."""
    meta = read_meta(model)
    info = read_manifest(corpus)
    components = meta.get("pipeline", [])
    scored = [name for name in domain.classifiers if name in components]
    finders = dict.fromkeys(label.found_by for label in domain.entities.values() if label.found_by in components)
    msg.text(f"Pipeline: {meta['lang']}_{meta['name']} {meta['version']} from {model}: {', '.join(components)}")
    msg.text(f"{split.capitalize()}: {info.documents[split]} documents of mix '{info.mix}' in {corpus}/{split}.spacy")
    msg.text(f"Entities by: {', '.join(finders) or 'none'}. Classifiers: {', '.join(scored) or 'none'}")
    if baselines:
        msg.text(f"Baselines: trained on {info.documents[TRAIN]} documents, tuned on {info.documents[DEV]} of dev")
    if previous is not None:
        earlier = read_meta(previous, option="--previous")
        msg.text(f"Previous release: {earlier['lang']}_{earlier['name']} {earlier['version']} from {previous}")
    msg.text("Would write " + ", ".join(f"{out}/{name}" for name in REPORTS))


def print_scores(evaluation: Evaluation, split: str) -> None:
    rows = [(key, f"{value:.3f}") for key, value in evaluation.scores.items()]
    msg.table(rows, header=("score", split), aligns=("l", "r"), divider=True)
    for name, comparison in evaluation.comparisons.items():
        for difference in comparison.differences:
            macro = difference.metrics["macro_f1"]
            if macro.value is not None:
                msg.text(
                    f"{name}, macro F1 against {difference.baseline}: {macro.value:+.3f} "
                    f"({macro.low:+.3f} to {macro.high:+.3f})"
                )
    for remark in evaluation.remarks:
        msg.info(remark)


@app.command()
def main(
    *,
    model: Annotated[str, typer.Option(help="The pipeline: a folder, or the name of an installed package.")] = (
        "training/model-best"
    ),
    corpus: Annotated[Path, typer.Option(help="Folder that 'convert' wrote.")] = Path("corpus"),
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    out: Annotated[Path, typer.Option(help="Folder for evaluation.json, evaluation.html and model_card.md.")] = Path(
        "reports"
    ),
    previous: Annotated[
        str | None, typer.Option(help="An earlier release to compare with: a folder, or an installed package.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, help="Bootstrap resamples of the test documents.")] = RESAMPLES,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.")] = 0,
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst errors to show of each kind.")] = WORST,
    baselines: Annotated[bool, typer.Option(help="Train the baselines on the same records and compare.")] = True,
    speed: Annotated[bool, typer.Option(help="Time the pipeline on test texts in batches of several sizes.")] = True,
    watts: Annotated[float, typer.Option(min=0, help="Assumed power of the machine that trained.")] = WATTS,
    price_per_kwh: Annotated[
        float | None, typer.Option(min=0, help="Price of electricity in any currency, for the cost of the training.")
    ] = None,
    split: Annotated[
        Literal["test", "dev"], typer.Option(help="dev is for choosing between trainings; it needs --no-baselines.")
    ] = "test",
    gpu_id: Annotated[int, typer.Option(help="GPU to predict on; -1 is the CPU.")] = -1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
) -> None:
    """Score a pipeline on the test split and write the report and the model card.

    Every score comes with a 95 % bootstrap interval over documents, and is computed on the documents that carry the
    layer only. The classifiers are compared with a majority and a TF-IDF baseline on the same documents, the
    recogniser with a gazetteer, and all of them with an earlier release, where one is named.
    """
    domain = load_domain(domain_path)
    if split != TEST and (baselines or previous is not None):
        raise BadInput(
            f"--split {split}: the baselines are tuned on dev, and releases are compared on test: leave out "
            "--previous and add --no-baselines"
        )
    if dry_run:
        print_plan(model, corpus, domain, out, baselines, previous, split)
        return
    info = read_manifest(corpus)  # before the pipeline, which takes longer to load
    if previous is not None:
        read_meta(previous, option="--previous")  # likewise
    if gpu_id >= 0:
        spacy.require_gpu(gpu_id)
    nlp = load_pipeline(model)
    loaded = load_corpus(corpus, nlp.vocab, (TRAIN, DEV, TEST) if baselines else (split,))
    log = locate(model).parent / LOG
    arguments = ["--model", model, "--corpus", str(corpus), "--domain", str(domain_path), "--out", str(out)]
    for option, value, default in (
        ("--previous", previous, None),
        ("--resamples", resamples, RESAMPLES),
        ("--seed", seed, 0),
        ("--split", split, TEST),
        ("--watts", watts, WATTS),
        ("--price-per-kwh", price_per_kwh, None),
    ):
        if value != default:
            arguments += [option, str(value)]
    arguments += [flag for flag, is_on in (("--no-baselines", baselines), ("--no-speed", speed)) if not is_on]
    evaluation = evaluate_pipeline(
        nlp,
        loaded,
        domain,
        model=model,
        command="python -m scripts evaluate " + shlex.join(arguments),
        bootstrap=Bootstrap(resamples=resamples, seed=seed),
        baselines=baselines,
        previous=None if previous is None else run_previous(previous, info, domain),
        speed=speed,
        training=training_cost(nlp.meta, log, watts=watts, price_per_kwh=price_per_kwh),
        worst=worst,
        split=split,
    )
    paths = [*write_report(evaluation, out, domain.entity_labels), write_card(evaluation, domain, out)]
    print_scores(evaluation, split)
    msg.good(", ".join(map(str, paths)))
