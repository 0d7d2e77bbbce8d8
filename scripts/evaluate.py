"""Step `evaluate`: score a pipeline on the test split; write `evaluation.json` and `evaluation.html`."""

import shlex
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from wasabi import msg

from bellwether.scoped_textcat import gold_label
from bellwether.targets import ENTITY_SENTIMENT

from .domain import Domain, load_domain
from .errors import BadInput
from .evaluation.baselines import Gazetteer, Labelled, majority_baseline, tfidf_baseline
from .evaluation.bootstrap import Bootstrap
from .evaluation.calibration import temperature_of
from .evaluation.classification import Answer, collect_answers, collect_tones, score_classifier
from .evaluation.comparison import compare_classifiers, compare_entities
from .evaluation.corpus import Corpus, load_corpus, read_manifest
from .evaluation.entities import count_entities, entity_documents, score_entities, training_surfaces
from .evaluation.pipeline import Findings, describe, findings, load_pipeline, predict, read_meta
from .evaluation.provenance import git_state, now, versions
from .evaluation.report import write_report
from .evaluation.result import FORMAT, ClassifierScores, Comparison, EntityScores, Evaluation, Run, ValueScores
from .evaluation.summary import headline_scores, make_remarks
from .evaluation.values import carries_values, score_values
from .records import NER

TRAIN, DEV, TEST = "train", "dev", "test"
WORST = 10

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def labelled(docs: list[Doc], name: str) -> Labelled:
    """Texts and labels of the docs that carry gold of a classifier."""
    pairs = [(doc.text, label) for doc in docs if (label := gold_label(doc, name)) is not None]
    return Labelled([text for text, _ in pairs], [label for _, label in pairs])


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


def compare_classifier(
    name: str, answers: list[Answer], corpus: Corpus, known: list[str], bootstrap: Bootstrap
) -> Comparison:
    """One classifier against the majority and the TF-IDF baseline, trained on the same records."""
    train = labelled(corpus.docs[TRAIN], name)
    if not train.texts:
        raise BadInput(
            f"no training document carries the layer '{name}': the baselines need some, or use --no-baselines"
        )
    texts = [answer.example.reference.text for answer in answers]
    return compare_classifiers(
        [answer.gold for answer in answers],
        [answer.predicted for answer in answers],
        [majority_baseline(train, texts), tfidf_baseline(train, labelled(corpus.docs[DEV], name), texts)],
        known=known,
        bootstrap=bootstrap,
    )


def compare_recogniser(
    nlp: Language, examples: list[Example], corpus: Corpus, labels: list[str], bootstrap: Bootstrap
) -> Comparison:
    """The recogniser against a gazetteer of the training entities."""
    gazetteer = Gazetteer(nlp.vocab, corpus.docs[TRAIN], labels)
    answers = [gazetteer.annotate(example.reference) for example in examples]
    return compare_entities(
        count_entities(entity_documents(examples, labels), labels),
        count_entities(entity_documents(answers, labels), labels),
        name="gazetteer",
        description=f"longest exact match with one of {gazetteer.size} training entities, most frequent label",
        bootstrap=bootstrap,
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
    worst: int = WORST,
) -> Evaluation:
    """Score a pipeline on the test docs of a corpus.

    corpus (Corpus): with train and dev, where baselines are wanted.
    model (str), command (str): how the pipeline was named and the step was called, for the report.
    baselines (bool): train and compare the baselines.
    worst (int): how many errors of each kind to keep.
    RAISES (BadInput): where a component has no gold.
    """
    found = findings(nlp, domain)
    examples, seconds = predict(nlp, corpus.docs[TEST])
    check_gold(examples, found)
    entities: EntityScores | None = None
    values: dict[str, ValueScores] = {}
    classifiers: dict[str, ClassifierScores] = {}
    comparisons: dict[str, Comparison] = {}
    if found.recogniser or found.normalizers:
        train = corpus.docs.get(TRAIN)
        entities = score_entities(
            examples,
            recogniser=found.recogniser,
            normalizers=found.normalizers,
            not_found=found.not_found,
            surfaces=None if train is None else training_surfaces(train, found.recogniser),
            bootstrap=bootstrap,
            worst=worst,
            temperature=temperature_of(nlp, NER),
        )
        for label in found.normalizers:
            if carries_values(examples, label):
                values[label] = score_values(examples, label, domain.entities[label].found_by, bootstrap)
    if baselines and found.recogniser and entity_documents(examples, found.recogniser):
        comparisons[NER] = compare_recogniser(nlp, examples, corpus, found.recogniser, bootstrap)
    for name in found.classifiers:
        known = domain.labels_of(name)
        answers = collect_answers(examples, name)
        classifiers[name] = score_classifier(
            answers,
            known=known,
            bootstrap=bootstrap,
            worst=worst,
            temperature=temperature_of(nlp, name),
        )
        if baselines:
            comparisons[name] = compare_classifier(name, answers, corpus, known, bootstrap)
    if ENTITY_SENTIMENT in nlp.pipe_names and (answers := collect_tones(examples, ENTITY_SENTIMENT)):
        classifiers[ENTITY_SENTIMENT] = score_classifier(
            answers,
            known=domain.labels_of(ENTITY_SENTIMENT),
            bootstrap=bootstrap,
            worst=worst,
            temperature=temperature_of(nlp, ENTITY_SENTIMENT),
        )
    commit, dirty = git_state(Path.cwd())
    predicted_labels = {ent.label_ for example in examples for ent in example.predicted.ents}
    return Evaluation(
        format=FORMAT,
        scores=headline_scores(entities, values, classifiers),
        pipeline=describe(nlp, model),
        corpus=corpus.info,
        run=Run(
            date=now(),
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
        comparisons=comparisons,
        remarks=make_remarks(
            found,
            entities,
            values,
            classifiers,
            unknown_labels=sorted(predicted_labels - set(domain.entity_labels)),
            git_dirty=dirty,
        ),
    )


def print_plan(model: str, corpus: Path, domain: Domain, out: Path, baselines: bool) -> None:
    """Say what would be done, after checking that the inputs are there."""
    meta = read_meta(model)
    info = read_manifest(corpus)
    components = meta.get("pipeline", [])
    scored = [name for name in domain.classifiers if name in components]
    finders = dict.fromkeys(label.found_by for label in domain.entities.values() if label.found_by in components)
    msg.text(f"Pipeline: {meta['lang']}_{meta['name']} {meta['version']} from {model}: {', '.join(components)}")
    msg.text(f"Test: {info.documents[TEST]} documents of mix '{info.mix}' in {corpus}/{TEST}.spacy")
    msg.text(f"Entities by: {', '.join(finders) or 'none'}. Classifiers: {', '.join(scored) or 'none'}")
    if baselines:
        msg.text(f"Baselines: trained on {info.documents[TRAIN]} documents, tuned on {info.documents[DEV]} of dev")
    msg.text(f"Would write {out}/evaluation.json and {out}/evaluation.html")


def print_scores(evaluation: Evaluation) -> None:
    rows = [(key, f"{value:.3f}") for key, value in evaluation.scores.items()]
    msg.table(rows, header=("score", "test"), aligns=("l", "r"), divider=True)
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
    out: Annotated[Path, typer.Option(help="Folder for evaluation.json and evaluation.html.")] = Path("reports"),
    resamples: Annotated[int, typer.Option(min=100, help="Bootstrap resamples of the test documents.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the resamples.")] = 0,
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst errors to show of each kind.")] = WORST,
    baselines: Annotated[bool, typer.Option(help="Train the baselines on the same records and compare.")] = True,
    gpu_id: Annotated[int, typer.Option(help="GPU to predict on; -1 is the CPU.")] = -1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
) -> None:
    """Score a pipeline on the test split and write the report.

    Every score comes with a 95 % bootstrap interval over documents, and is computed on the documents that carry the
    layer only. The classifiers are compared with a majority and a TF-IDF baseline on the same documents, the
    recogniser with a gazetteer.
    """
    domain = load_domain(domain_path)
    if dry_run:
        print_plan(model, corpus, domain, out, baselines)
        return
    read_manifest(corpus)  # before the pipeline, which takes longer to load
    if gpu_id >= 0:
        spacy.require_gpu(gpu_id)
    nlp = load_pipeline(model)
    loaded = load_corpus(corpus, nlp.vocab, (TRAIN, DEV, TEST) if baselines else (TEST,))
    arguments = ["--model", model, "--corpus", str(corpus), "--domain", str(domain_path), "--out", str(out)]
    if resamples != 1000:
        arguments += ["--resamples", str(resamples)]
    if seed:
        arguments += ["--seed", str(seed)]
    if not baselines:
        arguments.append("--no-baselines")
    evaluation = evaluate_pipeline(
        nlp,
        loaded,
        domain,
        model=model,
        command="python -m scripts evaluate " + shlex.join(arguments),
        bootstrap=Bootstrap(resamples=resamples, seed=seed),
        baselines=baselines,
        worst=worst,
    )
    paths = write_report(evaluation, out, domain.entity_labels)
    print_scores(evaluation)
    msg.good(" and ".join(map(str, paths)))
