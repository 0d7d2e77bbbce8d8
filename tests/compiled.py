"""A compiled pipeline of a tiny encoder and an untrained classifier, made without a training."""

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example

from bellwether.compiled_encoder.forms import Form
from scripts.compilation.assemble import assemble

LISTENER = {
    "@architectures": "spacy-transformers.TransformerListener.v1",
    "grad_factor": 1.0,
    "pooling": {"@layers": "reduce_mean.v1"},
}
TEXTS = ["norvane rose as oil fell.", "Kestrel said it paid EUR 3m.", "", "a " * 40, "the report\n\nof halden"]


def make_trained(encoder: Path) -> Language:
    """A transformer with a classifier and a rule, initialized but not trained."""
    nlp = spacy.blank("en")
    nlp.add_pipe(
        "transformer",
        config={
            "model": {
                "@architectures": "spacy-transformers.TransformerModel.v3",
                "name": str(encoder),
                "get_spans": {"@span_getters": "spacy-transformers.strided_spans.v1", "window": 12, "stride": 8},
            },
            "set_extra_annotations": {"@annotation_setters": "spacy-transformers.null_annotation_setter.v1"},
        },
    )
    model = {
        "@architectures": "bellwether.PooledClassifier.v1",
        "tok2vec": LISTENER,
        "ngrams": {"@architectures": "bellwether.NgramClassifier.v1", "rows": 64},
    }
    nlp.add_pipe("scoped_textcat", "tone", config={"model": model})
    nlp.add_pipe("money")
    gold = [("norvane rose", {"tone:up": 1.0, "tone:down": 0.0}), ("oil fell", {"tone:up": 0.0, "tone:down": 1.0})]
    examples = [Example.from_dict(nlp.make_doc(text), {"cats": cats}) for text, cats in gold]
    spacy.util.fix_random_seed(0)
    nlp.initialize(lambda: examples)
    return nlp


def make_compiled(encoder: Path, folder: Path, *forms: str) -> Path:
    """Compile it in some forms, without the gate. RETURNS (Path): the folder."""
    names = forms or ("openvino-fp32", "openvino-int8", "onnxruntime-fp32", "onnxruntime-int8")
    assemble(make_trained(encoder), [Form.parse(name) for name in names], TEXTS, folder, model="test", name="test")
    return folder
