"""The YAML file of an experiment: which variants of a training are run over which seeds."""

import difflib
from pathlib import Path
from typing import Annotated, Any, Literal

import srsly
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError, model_validator
from thinc.api import Config

from ..errors import BadInput
from ..overrides import ABSENT, lookup

# A variant is a folder too.
VariantName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
ConfigKey = Annotated[str, StringConstraints(pattern=r"^\w+(\.[^\s.=]+)+$")]
Seed = Annotated[int, Field(ge=0, strict=True)]
SEED_KEYS = frozenset({"system.seed", "training.seed"})
_ADVICE = {
    "missing": "is missing",
    "too_short": "has none: give at least one",
    "json_invalid": "is not JSON",
}
_NAME_ADVICE = "give letters, digits, '_', '-' and '.', such as no_averages"
_KEY_ADVICE = "give a dotted key of the training config, such as training.dropout"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variant(_Strict):
    """One way to train.

    set (dict): dotted key of the training config to its value; a dict replaces a whole section.
    x (float | None): place on the axis of a curve.
    """

    description: str = ""
    set: dict[ConfigKey, JsonValue] = {}
    x: float | None = None


class Experiment(_Strict):
    """An experiment. Its name is that of the file.

    baseline (str | None): the variant that others are compared with, seed by seed.
    x_label (str | None): what `x` of the variants is.
    split (str): what is scored. Scores by which one chooses a recipe are those of dev; test is for the chosen one.
    """

    title: str
    description: str = ""
    seeds: Annotated[list[Seed], Field(min_length=1)]
    baseline: str | None = None
    x_label: str | None = None
    split: Literal["dev", "test"] = "test"
    variants: Annotated[dict[VariantName, Variant], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _plain_variants(cls, data: Any) -> Any:
        """A variant without anything, `full:`, is one without overrides."""
        if isinstance(data, dict) and isinstance(data.get("variants"), dict):
            data = {**data, "variants": {name: item or {} for name, item in data["variants"].items()}}
        return data

    @model_validator(mode="after")
    def _check_references(self) -> "Experiment":
        twice = sorted({seed for seed in self.seeds if self.seeds.count(seed) > 1})
        if twice:
            raise ValueError(f"seeds: {', '.join(map(str, twice))} is given twice: keep one")
        if self.baseline is not None and self.baseline not in self.variants:
            raise ValueError(f"baseline: '{self.baseline}' is no variant; there are {', '.join(self.variants)}")
        for name, variant in self.variants.items():
            for key in variant.set:
                if key in SEED_KEYS:
                    raise ValueError(f"variants.{name}.set: '{key}' comes from 'seeds': leave it out")
        xs = {name: variant.x for name, variant in self.variants.items()}
        if all(x is None for x in xs.values()):
            if self.x_label is not None:
                raise ValueError("x_label: no variant has an 'x': give each one, or leave x_label out")
            return self
        if self.x_label is None:
            raise ValueError("x_label: is missing: say what 'x' of the variants is")
        without = [name for name, x in xs.items() if x is None]
        if without:
            raise ValueError(f"variants.{without[0]}.x: is missing, while other variants have it: give all or none")
        if len(set(xs.values())) < len(xs):
            raise ValueError("variants: two have the same 'x': a curve has one point at each")
        return self


def load_experiment(path: Path) -> Experiment:
    """Read and validate the file of an experiment.

    RAISES (BadInput): naming the file and the key.
    """
    try:
        return Experiment.model_validate(srsly.read_yaml(path))
    except ValidationError as error:
        raise BadInput(describe_problem(error, Experiment, Variant), path=path) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot read the experiment: {error}", path=path) from None


def check_overrides(experiment: Experiment, path: Path, config_path: Path) -> dict[str, dict[str, Any]]:
    """What each variant changes in the training config: its overrides, less those that say what is there already.

    path (Path): file of the experiment, for errors.
    RAISES (BadInput): a key that the config has not, or two variants that train the same.
    """
    config = Config().from_disk(config_path, interpolate=False)
    changes: dict[str, dict[str, Any]] = {}
    for name, variant in experiment.variants.items():
        for key in variant.set:
            if lookup(config, key) is ABSENT and not _in_replaced_section(key, variant):
                near = difflib.get_close_matches(key, list(_keys(config)), n=1)
                hint = f"did you mean '{near[0]}'?" if near else "an override can only change what is there"
                raise BadInput(f"variants.{name}.set: {config_path} has no '{key}': {hint}", path=path)
        changes[name] = {
            key: value
            for key, value in variant.set.items()
            if _in_replaced_section(key, variant) or lookup(config, key) != value
        }
        for other in list(changes)[:-1]:
            if changes[other] == changes[name]:
                what = "the same settings" if changes[name] else f"nothing that {config_path} does not say already"
                raise BadInput(f"variants: '{other}' and '{name}' train the same: both set {what}", path=path)
    return changes


def describe_problem(error: ValidationError, whole: type[BaseModel], part: type[BaseModel]) -> str:
    """The first problem of a file as one line: key, what is wrong, what to do; and how many more.

    whole (type): the model of the file. part (type): that of an entry of its dict of entries.
    """
    problems = error.errors(include_url=False)
    first = problems[0]
    place = [str(name) for name in first["loc"]]
    more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
    if first["type"] == "extra_forbidden":
        model = part if len(place) > 1 else whole
        return f"{'.'.join(place)}: unknown key; there are {', '.join(model.model_fields)}{more}"
    if place[-1:] == ["[key]"]:
        advice = _NAME_ADVICE if place[0] == "variants" and "set" not in place else _KEY_ADVICE
        return f"{'.'.join(place[:-2])}: '{first['input']}' cannot be a name here: {advice}{more}"
    reason = _ADVICE.get(first["type"], first["msg"].removeprefix("Value error, "))
    return f"{'.'.join(place) + ': ' if place else ''}{reason}{more}"


def _keys(node: dict[str, Any], prefix: str = "") -> list[str]:
    """All dotted keys, of sections and of values."""
    keys = []
    for name, value in node.items():
        keys.append(prefix + name)
        if isinstance(value, dict):
            keys += _keys(value, f"{prefix}{name}.")
    return keys


def _in_replaced_section(key: str, variant: Variant) -> bool:
    """Whether the variant itself replaces a section that the key is in."""
    return any(key.startswith(f"{section}.") for section in variant.set)
