"""An evaluation as a whole."""

from dataclasses import dataclass, field

from .classifiers import ClassifierScores
from .comparison import Comparison
from .entities import EntityScores, ValueScores
from .run import CorpusInfo, Pipeline, Run, Speed, TrainingCost

FORMAT = 1
# The file that `evaluate` writes beside its report, and `package` takes as the README of a pipeline.
MODEL_CARD = "model_card.md"


@dataclass(frozen=True)
class Evaluation:
    """All of it.

    format (int): of this file.
    scores (dict): headline numbers, flat, each in 0..1, under the keys that spaCy's scorers use (`ents_f`,
        `sentiment_macro_f`, `money_value_accuracy`, …); packaging copies them into `meta.json`. Higher is better, but
        `ents_ece` and `NAME_ece` are errors.
    entities (EntityScores | None): None where the pipeline finds no entity label of the domain.
    values (dict): by label. classifiers (dict), comparisons (dict): by classifier; comparisons has "ner" too.
    speed (Speed | None): None where it was not measured. training (TrainingCost | None): None where nothing is known.
    previous (Pipeline | None): the earlier release of the comparisons.
    remarks (list): what a reader must know to read the numbers rightly.
    """

    format: int
    scores: dict[str, float]
    pipeline: Pipeline
    corpus: CorpusInfo
    run: Run
    entities: EntityScores | None
    values: dict[str, ValueScores]
    classifiers: dict[str, ClassifierScores]
    comparisons: dict[str, Comparison]
    remarks: list[str] = field(default_factory=list)
    speed: Speed | None = None
    training: TrainingCost | None = None
    previous: Pipeline | None = None
