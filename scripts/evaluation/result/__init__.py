"""The structure of `reports/evaluation.json`: an `Evaluation`, with every field in the order and under the name that
it has here.

All scores lie in 0..1; differences in -1..1. `null` is "cannot be said" (no gold, nothing predicted), which is not
zero. Within one `FORMAT` fields may be added, but none is renamed, removed or given another meaning.
"""

from .calibration import Calibration, ReliabilityBin, RiskPoint, ThresholdScores
from .classifiers import ClassifierScores, WrongAnswer
from .comparison import Comparison, Difference, McNemar, SystemScores
from .entities import (
    EntityError,
    EntityErrorDocument,
    EntityScores,
    EntitySpan,
    FieldScores,
    MatchCounts,
    SeenRecall,
    UnfoundLabel,
    ValueScores,
    WrongValue,
)
from .evaluation import FORMAT, MODEL_CARD, Evaluation
from .run import BatchSpeed, CorpusInfo, Pipeline, Run, Speed, TrainingCost
from .scores import Average, Confusion, LabelScores, Metric, ScoreTable, SliceScores, Slicing

__all__ = [
    "FORMAT",
    "MODEL_CARD",
    "Average",
    "BatchSpeed",
    "Calibration",
    "ClassifierScores",
    "Comparison",
    "Confusion",
    "CorpusInfo",
    "Difference",
    "EntityError",
    "EntityErrorDocument",
    "EntityScores",
    "EntitySpan",
    "Evaluation",
    "FieldScores",
    "LabelScores",
    "MatchCounts",
    "McNemar",
    "Metric",
    "Pipeline",
    "ReliabilityBin",
    "RiskPoint",
    "Run",
    "ScoreTable",
    "SeenRecall",
    "SliceScores",
    "Slicing",
    "Speed",
    "SystemScores",
    "ThresholdScores",
    "TrainingCost",
    "UnfoundLabel",
    "ValueScores",
    "WrongAnswer",
    "WrongValue",
]
