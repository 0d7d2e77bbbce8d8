"""The file of an experiment: what is wrong in it is said before the first training."""

from pathlib import Path
from typing import Any

import pytest
import srsly
from spacy import blank
from spacy.util import load_config, registry

from scripts.domain import Domain
from scripts.errors import BadInput
from scripts.experiments.plan import check_overrides, load_experiment
from tests.conftest import ROOT

CONFIG = ROOT / "configs" / "train.cfg"
SHIPPED = sorted((ROOT / "configs" / "experiments").glob("*.yml"))
GOOD: dict[str, Any] = {
    "title": "Two",
    "seeds": [0, 1],
    "baseline": "full",
    "variants": {"full": None, "slow": {"description": "slower", "set": {"training.dropout": 0.5}}},
}
CURVE: dict[str, Any] = {
    "title": "Curve",
    "seeds": [0],
    "x_label": "dropout",
    "variants": {"low": {"x": 0.2, "set": {"training.dropout": 0.2}}, "high": {"x": 0.5}},
}


def write(folder: Path, data: Any) -> Path:
    path = folder / "two.yml"
    srsly.write_yaml(path, data)
    return path


def without(data: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != key}


def with_variant(**variant: Any) -> dict[str, Any]:
    return GOOD | {"variants": {"full": {}, "slow": variant}}


def test_a_variant_without_anything_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    experiment = load_experiment(path)
    assert (experiment.seeds, experiment.baseline, experiment.variants["full"].set) == ([0, 1], "full", {})
    assert check_overrides(experiment, path, CONFIG) == {"full": {}, "slow": {"training.dropout": 0.5}}


MISTAKES: dict[str, tuple[Any, str]] = {
    "unknown key": (GOOD | {"seed": 1}, "seed: unknown key; there are title, description, seeds, baseline"),
    "unknown key of a variant": (
        with_variant(sett={}), "variants.slow.sett: unknown key; there are description, set, x"
    ),
    "no title": (without(GOOD, "title"), "title: is missing"),
    "no variants": (without(GOOD, "variants"), "variants: is missing"),
    "empty variants": (GOOD | {"variants": {}}, "variants: has none: give at least one"),
    "no seeds": (GOOD | {"seeds": []}, "seeds: has none: give at least one"),
    "a seed twice": (GOOD | {"seeds": [3, 1, 3]}, "seeds: 3 is given twice: keep one"),
    "a seed below 0": (GOOD | {"seeds": [-1]}, "seeds.0: Input should be greater than or equal to 0"),
    "a seed in quotes": (GOOD | {"seeds": ["1"]}, "seeds.0: Input should be a valid integer"),
    "baseline": (GOOD | {"baseline": "ful"}, "baseline: 'ful' is no variant; there are full, slow"),
    "name of a variant": (GOOD | {"variants": {"a/b": {}}}, "variants: 'a/b' cannot be a name here: give letters"),
    "parent folder": (GOOD | {"variants": {"..": {}}}, "variants: '..' cannot be a name here"),
    "key without a section": (
        with_variant(set={"dropout": 1}), "variants.slow.set: 'dropout' cannot be a name here: give a dotted key"
    ),
    "seed as an override": (
        with_variant(set={"system.seed": 1}), "variants.slow.set: 'system.seed' comes from 'seeds': leave it out"
    ),
    "x_label without x": (GOOD | {"x_label": "share"}, "x_label: no variant has an 'x'"),
    "x without x_label": (without(CURVE, "x_label"), "x_label: is missing"),
    "x of one only": (with_variant(x=1) | {"x_label": "share"}, "variants.full.x: is missing, while other variants"),
    "x twice": (
        CURVE | {"variants": {"a": {"x": 1}, "b": {"x": 1.0}}}, "variants: two have the same 'x'"
    ),
    "not a table": (["full"], "Input should be a valid dictionary"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_names_the_file_and_the_key(tmp_path: Path, data: Any, reason: str) -> None:
    path = write(tmp_path, data)
    with pytest.raises(BadInput) as error:
        load_experiment(path)
    assert str(error.value).startswith(f"{path}: {reason}")


@pytest.mark.parametrize("text", ["title: [", "title: a\ntitle: b\n"], ids=["not YAML", "a key twice"])
def test_what_cannot_be_read_is_one_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "two.yml"
    path.write_text(text)
    with pytest.raises(BadInput, match="cannot read the experiment"):
        load_experiment(path)


OVERRIDES: dict[str, tuple[dict[str, Any], str]] = {
    "misspelt": (
        with_variant(set={"training.dropuot": 1}),
        "variants.slow.set: {config} has no 'training.dropuot': did you mean 'training.dropout'?",
    ),
    "strange": (
        with_variant(set={"a.b": 1}),
        "variants.slow.set: {config} has no 'a.b': an override can only change what is there",
    ),
    "twins": (
        GOOD | {"variants": {name: {"set": {"training.dropout": 0.5}} for name in ("full", "slow")}},
        "variants: 'full' and 'slow' train the same: both set the same settings",
    ),
    "what is so already": (
        with_variant(set={"training.accumulate_gradient": 1}),
        "variants: 'full' and 'slow' train the same: both set nothing that {config} does not say already",
    ),
}


@pytest.mark.parametrize(("data", "reason"), OVERRIDES.values(), ids=OVERRIDES)
def test_overrides_must_change_the_config(tmp_path: Path, data: dict[str, Any], reason: str) -> None:
    path = write(tmp_path, data)
    with pytest.raises(BadInput) as error:
        check_overrides(load_experiment(path), path, CONFIG)
    assert str(error.value) == f"{path}: {reason.format(config=CONFIG)}"


def test_an_override_that_says_what_is_there_is_none(tmp_path: Path) -> None:
    """So the last point of a learning curve is the same run as the recipe itself."""
    path = write(tmp_path, with_variant(set={"training.dropout": 0.5, "training.accumulate_gradient": 1}))
    assert check_overrides(load_experiment(path), path, CONFIG)["slow"] == {"training.dropout": 0.5}


def test_keys_of_a_replaced_section_are_kept(tmp_path: Path) -> None:
    keys = {"components.money": {"factory": "money"}, "components.ner": {"factory": "x"}, "components.ner.new": 1}
    path = write(tmp_path, with_variant(set=keys | {"components.ner.threshold": 0.0}))
    changed = check_overrides(load_experiment(path), path, CONFIG)["slow"]
    assert set(changed) == {"components.ner", "components.ner.new", "components.ner.threshold"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_experiments_change_keys_of_the_config(path: Path) -> None:
    experiment = load_experiment(path)
    assert experiment.description
    assert all(variant.description for variant in experiment.variants.values())
    assert list(check_overrides(experiment, path, CONFIG)) == list(experiment.variants)


def test_the_other_recogniser_is_that_of_spacy(monkeypatch: pytest.MonkeyPatch, domain: Domain) -> None:
    monkeypatch.chdir(ROOT)
    overrides = load_experiment(ROOT / "configs" / "experiments" / "ner.yml").variants["ner"].set
    # `train` has its own for the labels; those of a variant come after them.
    config = load_config(CONFIG, overrides={"components.ner.scorer.labels": ["X"], **overrides}, interpolate=True)
    assert config["initialize"]["components"]["ner"] == {}
    component = config["components"]["ner"]
    readers = {"scored": component["scorer"]["labels"], "learnt": config["corpora"]["train"]["ner_labels"]}
    assert registry.resolve(readers) == dict.fromkeys(readers, domain.recogniser_labels)
    settings = dict(component)
    ner = blank("en").add_pipe(settings.pop("factory"), config=settings)
    assert type(ner).__module__ == "spacy.pipeline.ner"
    assert ner.model.attrs["has_upper"] is True
