"""Step `picture`: the README's example as a web page, from the trained pipeline.

A headless browser turns it into the PNG:

    python -m scripts picture --out docs/example.html
    chromium --headless --no-sandbox --hide-scrollbars --window-size=1098,560 \
        --screenshot=docs/example.png docs/example.html
"""

import html
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy import displacy
from spacy.tokens import Doc
from wasabi import msg

from bellwether.scoped_textcat import best_labels
from bellwether.values import Value

from .errors import BadInput

# Invented, and not part of any corpus.
TEXTS = (
    "Ostrava Kiln plc cut its full-year forecast on Tuesday, saying operating profit would fall by about 15% to "
    "between £40m and £44m as tile orders dried up in Poland.",
    "Hanae Fujimori, chief executive of Tidewater Foods, said the net loss narrowed to US$2.4 million after the group "
    "repaid EUR 180 mn of debt.",
    "$BRIK jumps 8% after the brickmaker lifts its dividend to 12.5p a share",
)
_COLOURS = ("#cfe8ff", "#ffe3c2", "#d8f5d0", "#f3d6f5", "#fff3b0", "#d9d9f3", "#ffd6d6")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def describe(value: Value | None) -> str:
    """A value in a few words, from its JSON: "amount 2400000, currency USD"."""
    if value is None:
        return ""
    fields = {key: text for key, text in value.to_json().items() if key not in ("type", "candidates")}
    return ", ".join(f"{key.replace('_', ' ')} {text}" for key, text in fields.items())


def render_document(doc: Doc, colours: dict[str, str]) -> str:
    """The entities of a doc by displaCy, its answers, and the values of its entities."""
    entities = displacy.render(doc, style="ent", page=False, jupyter=False, options={"colors": colours})
    answers = " · ".join(
        f"{html.escape(name)} <b>{html.escape(label)}</b> {doc.cats[f'{name}:{label}']:.2f}"
        for name, label in best_labels(doc).items()
    )
    values = "".join(
        f"<li><b>{html.escape(ent.text)}</b> {html.escape(describe(ent._.value))}</li>"
        for ent in doc.ents
        if ent._.value is not None
    )
    return f"<section>{entities}<p class='answers'>{answers}</p><ul>{values}</ul></section>"


def render_page(docs: list[Doc]) -> str:
    """A self-contained page."""
    labels = sorted({ent.label_ for doc in docs for ent in doc.ents})
    colours = {label: _COLOURS[index % len(_COLOURS)] for index, label in enumerate(labels)}
    style = (
        "body{font:16px/1.5 system-ui,sans-serif;margin:24px;max-width:1050px}section{border-bottom:1px solid #ddd;"
        "padding:8px 0}.entities{line-height:2.3!important}mark{white-space:nowrap}.answers{margin:4px 0;color:#333}"
        "ul{margin:4px 0;padding-left:20px;color:#555;font-size:14px;columns:2}"
    )
    body = "".join(render_document(doc, colours) for doc in docs)
    head = f"<meta charset='utf-8'><title>Bellwether</title><style>{style}</style>"
    return f"<!doctype html><html lang='en'>{head}{body}</html>"


@app.command()
def main(
    model: Annotated[
        str, typer.Option(help="The trained pipeline, a folder or an installed package.")
    ] = "training/model-best",
    out: Annotated[Path, typer.Option(help="The page.")] = Path("docs/example.html"),
) -> None:
    """Render three invented texts with the trained pipeline."""
    try:
        nlp = spacy.load(model)
    except OSError:
        raise BadInput(f"no pipeline at '{model}': run the step 'train' first") from None
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(render_page(list(nlp.pipe(TEXTS))), encoding="utf-8")
    msg.good(f"{out}")
