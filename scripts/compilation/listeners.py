"""Heads that listen to a transformer become heads that read `doc.tensor`; their weights are untouched."""

from collections.abc import Iterator
from typing import Any

from spacy.language import Language
from spacy.ml.models.tok2vec import tok2vec_listener_v1
from spacy.util import replace_model_node
from thinc.api import Config, Model

LISTENER = "spacy-transformers.TransformerListener.v1"
TENSOR_LISTENER = "spacy.Tok2VecListener.v1"


def replace_listeners(nlp: Language, width: int) -> None:
    """Put a `Tok2VecListener` in the place of every `TransformerListener` of a loaded pipeline.

    width (int): of the token vectors.
    """
    for _, pipe in nlp.pipeline:
        model = getattr(pipe, "model", None)
        if isinstance(model, Model):
            for node in [node for node in model.walk() if _is_listener(node)]:
                replace_model_node(model, node, tok2vec_listener_v1(width=width, upstream="*"))


def _is_listener(node: Model[Any, Any]) -> bool:
    """The chain of listener and pooling that `TransformerListener.v1` is."""
    return node.has_ref("listener") is True and node.get_ref("listener").name == "transformer-listener"


def replace_listener_config(component: Config, width: int) -> bool:
    """The same in the section of a component, in place.

    RETURNS (bool): whether there was one.
    """
    found = False
    for parent, key in list(_listener_sections(component)):
        parent[key] = {"@architectures": TENSOR_LISTENER, "width": width, "upstream": "*"}
        found = True
    return found


def _listener_sections(section: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for key, value in section.items():
        if isinstance(value, dict):
            if value.get("@architectures") == LISTENER:
                yield section, key
            else:
                yield from _listener_sections(value)
