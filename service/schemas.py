"""Requests and responses. Their descriptions and examples are the documentation at `/docs`.

Labels and classifiers are the pipeline's: they are keys and strings here, never fields.
"""

import datetime
import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

EXAMPLE_TEXT = "Northmoor Systems lifted quarterly revenue 12% to $4.2bn."


def read_iso_date(value: object) -> object:
    """Let only `YYYY-MM-DD` through: pydantic would also take a Unix time, which is hardly ever meant."""
    if value is not None and not (isinstance(value, str) and ISO_DATE.fullmatch(value)):
        raise PydanticCustomError("date_format", "must be a date as YYYY-MM-DD")
    return value


IsoDate = Annotated[datetime.date, BeforeValidator(read_iso_date)]


class AnalyzeRequest(BaseModel):
    """One text as `text`, or several as `texts`: exactly one of the two."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "oneOf": [{"required": ["text"]}, {"required": ["texts"]}],
            "examples": [{"text": EXAMPLE_TEXT, "reference_date": "2031-10-24"}],
        },
    )

    text: str | None = Field(default=None, description="One text.", examples=[EXAMPLE_TEXT])
    # Without fail_fast a list of half a million numbers is half a million errors.
    texts: list[str] | None = Field(
        default=None,
        min_length=1,
        fail_fast=True,
        description="Several texts; the documents of the response are in their order.",
    )
    reference_date: IsoDate | None = Field(
        default=None,
        description="The day the texts were written. Relative dates such as 'last quarter' are resolved against it and "
        "stay unresolved without it.",
        examples=["2031-10-24"],
    )

    @model_validator(mode="after")
    def check_one_of_both(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise PydanticCustomError("text_or_texts", "give exactly one of 'text' and 'texts'")
        return self

    def located_texts(self) -> list[tuple[tuple[str | int, ...], str]]:
        """RETURNS (list): every text with its place in the request."""
        if self.text is not None:
            return [(("text",), self.text)]
        return [(("texts", index), text) for index, text in enumerate(self.texts or [])]


class Entity(BaseModel):
    """A named thing or an expression, at `text[start:end]` of its document."""

    text: str = Field(description="The words themselves.", examples=["$4.2bn"])
    start: int = Field(description="First character, counted in Unicode code points of the text sent.", examples=[50])
    end: int = Field(description="The character after the last one.", examples=[56])
    label: str = Field(description="What it is; `GET /health` lists the labels.", examples=["MONEY"])
    score: float | None = Field(
        default=None, ge=0, le=1, description="Confidence, null where the component has none.", examples=[None]
    )
    source: str = Field(description="`model`, or the id of the rule that found it.", examples=["money.symbol_before"])
    value: dict[str, Any] | None = Field(
        default=None,
        description="The canonical value, null where there is none. `type` says which fields to expect; decimals are "
        "strings, so that no digit is lost, dates are ISO 8601, currencies ISO 4217.",
        examples=[{"type": "money", "amount": "4200000000", "currency": "USD"}],
    )
    company: dict[str, Any] | None = Field(
        default=None,
        description="The company of the gazetteer that an organisation or a ticker was resolved to; null where it is "
        "none that the gazetteer knows. For an organisation it is the value, too.",
        examples=[None],
    )
    sentiment: str | None = Field(
        default=None,
        description="The tone of the text towards this entity; null where the pipeline reads none, or is not sure "
        "enough.",
        examples=[None],
    )
    sentiment_score: float | None = Field(
        default=None, ge=0, le=1, description="Probability of the most likely tone, null without one.", examples=[None]
    )


class Classification(BaseModel):
    """The answer of one classifier."""

    label: str | None = Field(
        description="The answer; null where the classifier is not sure enough.", examples=["positive"]
    )
    score: float = Field(description="Probability of the most likely label.", examples=[0.91])
    scores: dict[str, float] = Field(
        description="Probability of every label.", examples=[{"negative": 0.03, "neutral": 0.06, "positive": 0.91}]
    )


class DocumentAnalysis(BaseModel):
    """What the pipeline found in one text."""

    text: str = Field(description="The text as it was sent.", examples=[EXAMPLE_TEXT])
    entities: list[Entity] = Field(description="In the order of the text; they do not overlap.")
    classifications: dict[str, Classification] = Field(
        description="One answer for every classifier of the pipeline, by its name.",
        examples=[
            {
                "sentiment": {
                    "label": "positive",
                    "score": 0.91,
                    "scores": {"negative": 0.03, "neutral": 0.06, "positive": 0.91},
                }
            }
        ],
    )


class Pipeline(BaseModel):
    """Which pipeline answered."""

    name: str = Field(examples=["en_finance"])
    version: str = Field(examples=["0.1.0"])


class AnalyzeResponse(BaseModel):
    pipeline: Pipeline
    documents: list[DocumentAnalysis] = Field(description="One for every text, in the order of the request.")


class PipelineDetails(Pipeline):
    """The pipeline that is loaded."""

    language: str = Field(examples=["en"])
    description: str = Field(description="What its package says about it.")
    components: list[str] = Field(
        description="Its components, in the order they run.", examples=[["transformer", "ner"]]
    )


class Limits(BaseModel):
    """What a request must keep to."""

    max_texts: int = Field(description="Most texts in a request.", examples=[256])
    max_text_characters: int = Field(description="Most characters (Unicode code points) in a text.", examples=[100_000])
    max_word_characters: int = Field(description="Most characters between two blanks.", examples=[2_048])
    max_body_bytes: int = Field(description="Largest request body, in bytes.", examples=[1_048_576])


class HealthResponse(BaseModel):
    status: Literal["ok"] = "ok"
    pipeline: PipelineDetails
    labels: dict[str, list[str]] = Field(
        description="The labels of every component that has some.", examples=[{"ner": ["ORG", "PERSON"]}]
    )
    limits: Limits


ErrorType = Literal[
    "invalid_request",
    "not_found",
    "method_not_allowed",
    "body_too_large",
    "unsupported_media_type",
    "not_ready",
    "http_error",
    "internal_error",
]


class Problem(BaseModel):
    """One thing that is wrong with a request."""

    loc: list[str | int] = Field(description="Where, from the outside in.", examples=[["body", "texts", 3]])
    type: str = Field(description="What kind of problem, for programs.", examples=["blank_text"])
    message: str = Field(description="What is wrong, for people.", examples=["is blank"])


class Error(BaseModel):
    type: ErrorType = Field(description="What kind of error, for programs.")
    message: str = Field(description="What is wrong and what to do, for people.")
    problems: list[Problem] = Field(
        default_factory=list,
        description="For `invalid_request`: what is wrong with it, the first of them if there are many.",
    )
    id: str | None = Field(default=None, description="For `internal_error`: the id under which the service logged it.")


class ErrorResponse(BaseModel):
    """Every error has this shape."""

    error: Error
