"""The folder of a compiled pipeline, from a trained one."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from thinc.api import Config

from bellwether.compiled_encoder.component import SETTINGS, TOKENIZER
from bellwether.compiled_encoder.forms import Form
from bellwether.encoder import encoder_shims

from ..errors import BadInput
from ..files import write_json
from . import COMPONENT
from .graphs import CALIBRATION_TEXTS, export_graphs
from .listeners import replace_listener_config, replace_listeners

_SPANS = "spacy-transformers.strided_spans.v1"
# Sections of a config that only a training reads.
_TRAINING = ("paths", "corpora", "training", "pretraining", "initialize", "system")


def transformer_name(nlp: Language, model: str) -> str:
    """The name of the pipeline's transformer.

    RAISES (BadInput): it has none or several, or one that reads its texts in another way.
    """
    names = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == "transformer"]
    if len(names) != 1:
        raise BadInput(
            f"the pipeline has {len(names) or 'no'} transformer components, exactly one can be compiled; it has the "
            f"components {', '.join(nlp.pipe_names)}",
            path=model,
        )
    [name] = names
    spans = nlp.config["components"][name]["model"]["get_spans"]
    if spans.get("@span_getters") != _SPANS:
        raise BadInput(
            f"the transformer reads its texts by {spans.get('@span_getters')}; only {_SPANS} can be compiled: train "
            "with it",
            path=model,
        )
    return name


def assemble(
    nlp: Language, forms: Sequence[Form], texts: Sequence[str], folder: Path, *, model: str, name: str
) -> list[list[int]]:
    """Write the compiled pipeline with all forms to a folder. The trained one cannot be used any more after it.

    texts (Sequence[str]): training texts, for the ranges of int8. model (str): how the pipeline was named, for errors.
    name (str): of the compiled pipeline, without its language.
    RETURNS (list): the word pieces of these texts, for `graphs.remake`.
    """
    transformer = transformer_name(nlp, model)
    [shim] = encoder_shims(nlp)
    module, tokenizer = shim._model, shim._hfmodel.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise BadInput("the transformer's tokenizer is a slow one, without offsets: it cannot be compiled", path=model)
    width = int(module.config.hidden_size)
    config = nlp.config.copy()
    spans = config["components"][transformer]["model"]["get_spans"]
    target = folder / COMPONENT
    target.mkdir(parents=True, exist_ok=True)
    max_pieces = int(min(tokenizer.model_max_length, getattr(module.config, "max_position_embeddings", 10**9)))
    calibration = [
        pieces[:max_pieces] for pieces in tokenizer(list(texts[:CALIBRATION_TEXTS]), verbose=False)["input_ids"]
    ]
    export_graphs(module, forms, calibration, target)
    (target / TOKENIZER).write_text(backend.to_str(), encoding="utf-8")
    write_settings(
        folder,
        {"width": width, "max_pieces": max_pieces, "pad_id": int(tokenizer.pad_token_id)},
        {str(form): {} for form in forms},
    )
    replace_listeners(nlp, width)
    nlp.to_disk(folder, exclude=[transformer])
    compiled = compile_config(config, transformer, width, window=spans["window"], stride=spans["stride"])
    compiled.to_disk(folder / "config.cfg")
    _write_meta(folder, transformer, name)
    return calibration


def compile_config(config: Config, transformer: str, width: int, *, window: int, stride: int) -> Config:
    """The config of the compiled pipeline: the encoder's section, the listeners, and nothing of the training."""
    components = {}
    for name, section in config["components"].items():
        if name == transformer:
            components[COMPONENT] = {"factory": COMPONENT, "window": window, "stride": stride}
        else:
            replace_listener_config(section, width)
            components[name] = section
    nlp = dict(config["nlp"])
    nlp["pipeline"] = [COMPONENT if name == transformer else name for name in nlp["pipeline"]]
    rest = {key: value for key, value in config.items() if key not in (*_TRAINING, "nlp", "components")}
    return Config({"nlp": nlp, "components": components, **rest})


def write_settings(folder: Path, settings: dict[str, Any] | None, forms: dict[str, Any]) -> None:
    """Write what the component must know of its graphs; None keeps what is there and changes the forms alone."""
    path = folder / COMPONENT / SETTINGS
    if settings is None:
        settings = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**settings, "forms": forms})


def _write_meta(folder: Path, transformer: str, name: str) -> None:
    path = folder / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["name"] = name
    for key in ("pipeline", "components"):
        meta[key] = [COMPONENT if item == transformer else item for item in meta.get(key, [])]
    labels = meta.get("labels", {})
    meta["labels"] = {COMPONENT if key == transformer else key: value for key, value in labels.items()}
    # The scores are those of another pipeline, and so is what it needs installed.
    meta["performance"] = {}
    meta["requirements"] = []
    write_json(path, meta)
