"""Requests that are refused, each with a reason; after all of them the service goes on."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import MAX_PROBLEMS
from service.schemas import Error, ErrorResponse

JSON = {"Content-Type": "application/json"}


def error_of(response: httpx.Response, status: int) -> Error:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    return ErrorResponse.model_validate_json(response.content).error


@pytest.mark.parametrize(
    ("body", "kind", "loc"),
    [
        ({}, "text_or_texts", ["body"]),
        ({"text": "a", "texts": ["a"]}, "text_or_texts", ["body"]),
        ({"text": None}, "text_or_texts", ["body"]),
        ([], "model_attributes_type", ["body"]),
        (None, "model_attributes_type", ["body"]),
        ("text", "model_attributes_type", ["body"]),
        ({"text": ""}, "blank_text", ["body", "text"]),
        ({"text": " \t\n\u3000\u2028"}, "blank_text", ["body", "text"]),
        ({"texts": ["a", "b", " "]}, "blank_text", ["body", "texts", 2]),
        ({"texts": []}, "too_short", ["body", "texts"]),
        ({"texts": "a"}, "list_type", ["body", "texts"]),
        ({"texts": ["a", 1]}, "string_type", ["body", "texts", 1]),
        ({"texts": ["a", None]}, "string_type", ["body", "texts", 1]),
        ({"text": ["a"]}, "string_type", ["body", "text"]),
        ({"text": "a", "lang": "en"}, "extra_forbidden", ["body", "lang"]),
        ({"texts": ["a"] * 9}, "too_many_texts", ["body", "texts"]),
        ({"text": "a " * 100_001}, "text_too_long", ["body", "text"]),
        ({"texts": ["a", "a " + "b" * 150_001]}, "word_too_long", ["body", "texts", 1]),
        ({"text": "a \ud800"}, "surrogate", ["body", "text"]),
        ({"texts": ["a", "\udfff"]}, "surrogate", ["body", "texts", 1]),
        ({"text": "a", "reference_date": "24.10.2031"}, "date_format", ["body", "reference_date"]),
        ({"text": "a", "reference_date": "20311024"}, "date_format", ["body", "reference_date"]),
        ({"text": "a", "reference_date": "2031-W43-5"}, "date_format", ["body", "reference_date"]),
        ({"text": "a", "reference_date": 1950566400}, "date_format", ["body", "reference_date"]),
        ({"text": "a", "reference_date": "\ud800"}, "date_format", ["body", "reference_date"]),
        ({"text": "a", "reference_date": "2031-02-29"}, "date_from_datetime_parsing", ["body", "reference_date"]),
    ],
)
def test_bad_body(client: httpx.Client, body: Any, kind: str, loc: list[str | int]) -> None:
    error = error_of(client.post("/v1/analyze", content=json.dumps(body).encode(), headers=JSON), 422)
    assert error.type == "invalid_request"
    (problem,) = error.problems
    assert (problem.type, problem.loc) == (kind, loc)
    assert problem.message
    assert problem.message in error.message
    assert ".".join(map(str, loc[1:] or loc)) in error.message


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"text": "a",}',
        b'{"text": "a"} {}',
        b"{'text': 'a'}",
        '{"text": "é"}'.encode("latin-1"),
        b"\xff\xfe\xfd",
        b"[" * 200_000,
        b'{"text": ' + b"1" * 5_000 + b"}",
    ],
)
def test_not_json(client: httpx.Client, content: bytes) -> None:
    error = error_of(client.post("/v1/analyze", content=content, headers=JSON), 422)
    assert [(problem.type, problem.loc) for problem in error.problems] == [("json_invalid", ["body"])]


def test_no_body(client: httpx.Client) -> None:
    error = error_of(client.post("/v1/analyze", headers=JSON), 422)
    assert [(problem.type, problem.loc) for problem in error.problems] == [("missing", ["body"])]


@pytest.mark.parametrize(
    "media_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "/", ";"]
)
def test_not_announced_as_json(client: httpx.Client, media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    error = error_of(client.post("/v1/analyze", content=b'{"text": "a"}', headers=headers), 415)
    assert error.type == "unsupported_media_type"
    assert "application/json" in error.message


@pytest.mark.parametrize("chunked", [False, True])
def test_body_too_large(client: httpx.Client, chunked: bool) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(2_000):
            yield b" " * 1_000

    error = error_of(client.post("/v1/analyze", content=chunks() if chunked else b" " * 2_000_000, headers=JSON), 413)
    assert error.type == "body_too_large"
    assert "1000000 bytes" in error.message


def test_every_problem_is_named_up_to_a_number(client: httpx.Client) -> None:
    error = error_of(client.post("/v1/analyze", json={"texts": ["", "a", " ", "b", "\t"]}), 422)
    assert [problem.loc[-1] for problem in error.problems] == [0, 2, 4]
    assert error.message == "texts.0: is blank (and 2 more)"
    fields = {f"field{number}": 1 for number in range(1_000)}
    error = error_of(client.post("/v1/analyze", json={"text": "a", **fields}), 422)
    assert len(error.problems) == MAX_PROBLEMS
    assert error.message.endswith("(and 999 more)")


def test_names_of_unknown_fields_are_safe_to_repeat(client: httpx.Client) -> None:
    content = json.dumps({"text": "a", "k" * 10_000: 1, "\0": 1}).encode()
    response = client.post("/v1/analyze", content=content, headers=JSON)
    assert len(error_of(response, 422).problems) == 2
    assert len(response.content) < 1_000
    content = json.dumps({"text": "a", "\ud800": 1}).encode()
    error_of(client.post("/v1/analyze", content=content, headers=JSON), 422)


def test_unknown_path_and_method(client: httpx.Client) -> None:
    assert error_of(client.get("/v1/nothing"), 404).type == "not_found"
    response = client.get("/v1/analyze")
    assert error_of(response, 405).type == "method_not_allowed"
    assert response.headers["allow"] == "POST"


def test_failing_pipeline(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    error = error_of(client.post("/v1/analyze", json={"texts": ["good", "explode", "good"]}), 500)
    assert error.type == "internal_error"
    assert "does not like" not in error.message
    assert error.id is not None
    (logged,) = [record.getMessage() for record in caplog.records if error.id in record.getMessage()]
    assert "ValueError: the component does not like this text" in logged
    assert client.post("/v1/analyze", json={"text": "good"}).status_code == 200


def test_unexpected_error(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("service.app.find_problems", fail)
    response = client.post("/v1/analyze", json={"text": "good"})
    error = error_of(response, 500)
    assert error.id is not None
    assert error.id in caplog.text
    assert "secret" not in response.text
    monkeypatch.undo()
    assert client.post("/v1/analyze", json={"text": "good"}).status_code == 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters(), max_size=10),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "texts", "reference_date"]) | st.text(alphabet=st.characters(), max_size=5),
            children,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(content=st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_body_gets_an_answer_or_a_reason(client: httpx.Client, content: bytes) -> None:
    response = client.post("/v1/analyze", content=content, headers=JSON)
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert error_of(response, 422).problems
