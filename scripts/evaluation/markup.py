"""Texts with entities as HTML, rendered by displaCy and escaped throughout."""

from collections.abc import Sequence
from html import escape

from markupsafe import Markup
from spacy import displacy

from .result import EntitySpan

MAX_CHARACTERS = 1500
# Light enough for black text (contrast above 10:1).
PALETTE = (
    "#a6cee3",
    "#fdd49e",
    "#c7e9c0",
    "#fcc5dc",
    "#dadaeb",
    "#fff3a6",
    "#b8e6e0",
    "#ffcfb3",
    "#d9e6a3",
    "#e3c9f2",
    "#cfd8dc",
    "#f5d5d0",
)
# displaCy's own has white space around the label, which eats the space behind the entity.
TEMPLATE = '<mark class="entity" style="background: {bg}">{text} <span class="label">{label}</span></mark>'


def label_colors(labels: Sequence[str]) -> dict[str, str]:
    """A colour for each label, in their order."""
    return {label: PALETTE[position % len(PALETTE)] for position, label in enumerate(labels)}


def clip(text: str, spans: Sequence[EntitySpan], limit: int = MAX_CHARACTERS) -> tuple[str, list[EntitySpan]]:
    """Cut a long text at white space and drop the spans behind the cut."""
    if len(text) <= limit:
        return text, list(spans)
    cut = text.rfind(" ", 0, limit)
    cut = cut if cut > 0 else limit
    return text[:cut] + " …", [span for span in spans if span.end <= cut]


def render_entities(text: str, spans: Sequence[EntitySpan], colors: dict[str, str]) -> Markup:
    """RETURNS (Markup): the text with its entities marked."""
    text, spans = clip(text, spans)
    # displaCy escapes texts, but not labels.
    ents = [{"start": span.start, "end": span.end, "label": escape(span.label)} for span in spans]
    options = {"colors": {escape(label): color for label, color in colors.items()}, "template": TEMPLATE}
    html = displacy.render(
        {"text": text, "ents": ents, "title": None},
        style="ent",
        manual=True,
        page=False,
        jupyter=False,
        options=options,
    )
    return Markup(html)
