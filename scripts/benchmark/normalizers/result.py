"""The structure of `normalizers.json`."""

from dataclasses import dataclass, field

FORMAT = 1


@dataclass
class LabelScore:
    """One label on one set of sentences.

    gold (int): expressions that the common measure can compare.
    right (int): those that the tool reads as the same value.
    false (int): readings of the tool that are no expression of the sentence.
    plain, plain_right (int): those of `gold` and `right` in a notation that the libraries set out to read
        (`accuracy.is_plain`).
    """

    gold: int = 0
    right: int = 0
    false: int = 0
    plain: int = 0
    plain_right: int = 0

    def add(self, other: "LabelScore") -> None:
        self.gold += other.gold
        self.right += other.right
        self.false += other.false
        self.plain += other.plain
        self.plain_right += other.plain_right


@dataclass
class Score:
    """One tool on one set of sentences.

    errors (int): sentences on which it raised an exception; these have no readings.
    """

    labels: dict[str, LabelScore]
    sentences: int = 0
    errors: int = 0


@dataclass
class StrictScore:
    """Ours by the measure of the evaluation: same span, and every field of the value.

    gold (int), right (int): expressions, also those without days.
    """

    gold: int = 0
    right: int = 0


@dataclass
class SetResult:
    """One set of sentences: the scores of the tools, and ours by the strict measure.

    not_comparable (int): gold periods without days, which the common measure leaves out.
    """

    name: str
    sentences: int
    not_comparable: int
    scores: dict[str, Score] = field(default_factory=dict)
    strict: dict[str, StrictScore] = field(default_factory=dict)


@dataclass
class Speed:
    """One tool over the timed sentences.

    seconds (list[float]): of each round, over all sentences.
    sentences_per_second, ms (float): of the median round; `ms` is that of one sentence.
    times_ours (float | None): how many times as long as ours takes.
    errors (int): sentences on which it raised an exception, in one round.
    """

    seconds: list[float]
    sentences_per_second: float
    ms: float
    times_ours: float | None = None
    errors: int = 0


@dataclass
class Cost:
    """What the components cost on docs that are tokenized.

    tokens_per_sentence (float): mean length of the timed sentences.
    with_expressions (int): timed sentences in which a component found something.
    ms_per_30_tokens (dict): component to milliseconds for 30 tokens; the median of the rounds.
    total_ms, fastest_ms (float): all of them, in the median and in the fastest round.
    """

    sentences: int
    tokens_per_sentence: float
    with_expressions: int
    ms_per_30_tokens: dict[str, float]
    total_ms: float
    fastest_ms: float
    limit_ms: float


@dataclass
class Growth:
    """Time against the length of a text.

    lengths (list[Length]): from short to long.
    exponent (float): of the power law fitted to all lengths; 1 is linear.
    """

    lengths: list["Length"]
    exponent: float


@dataclass
class Length:
    """One text: how many times the shortest one it is, its size, and the median time of all and of each component.

    ratio (float): milliseconds for a token, over that of the shortest text; 1 is linear.
    step (float | None): milliseconds, over those of the text half as long; 2 is linear. None for the shortest.
    """

    times: int
    tokens: int
    characters: int
    ms: float
    ms_by_component: dict[str, float]
    ratio: float
    step: float | None = None


@dataclass
class Run:
    """When and where; `versions` by tool and package."""

    date: str
    command: str
    git_commit: str | None
    processor: str
    cores: int
    threads: int
    load: float
    python: str
    seed: int
    rounds: int
    split: str
    versions: dict[str, dict[str, str]]
    claims: dict[str, list[str]]
    how: dict[str, str]
    missing: dict[str, str]
    missing_components: list[str]


@dataclass
class Benchmark:
    """The report."""

    format: int
    run: Run
    accuracy: list[SetResult]
    speed: dict[str, Speed]
    cost: Cost
    growth: Growth
