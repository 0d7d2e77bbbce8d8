"""Requests that get an answer."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.schemas import AnalyzeResponse, ErrorResponse

TEXT = "Northmoor Systems is good for $4.2bn today."
TEXTS = [
    TEXT,
    "Nothing here.",
    "👩‍👩‍👧 🇩🇪 e\u0301: Zoë Café lost $4.2bn",
    "\u200b\ufeff",
    "a\0b \x01\x7f\x85 today",
    "\u202eabc\u202c today\u2028$4.2bn",
    "好 today",
]


def analyze(client: httpx.Client, **body: Any) -> list[dict[str, Any]]:
    response = client.post("/v1/analyze", json=body)
    assert response.status_code == 200, response.text
    documents: list[dict[str, Any]] = response.json()["documents"]
    return documents


def test_one_text(client: httpx.Client) -> None:
    response = client.post("/v1/analyze", json={"text": TEXT})
    assert response.status_code == 200
    assert response.json() == {
        "pipeline": {"name": "en_stand_in", "version": "1.2.3"},
        "documents": [
            {
                "text": TEXT,
                "entities": [
                    {
                        "text": "Northmoor Systems",
                        "start": 0,
                        "end": 17,
                        "label": "ORG",
                        "score": 0.5,
                        "source": "model",
                        "value": None,
                        "company": None,
                        "sentiment": "positive",
                        "sentiment_score": 0.75,
                    },
                    {
                        "text": "$4.2bn",
                        "start": 30,
                        "end": 36,
                        "label": "MONEY",
                        "score": None,
                        "source": "stand_in",
                        "value": {"type": "money", "amount": "4200000000", "currency": "USD"},
                        "company": None,
                        "sentiment": None,
                        "sentiment_score": None,
                    },
                    {
                        "text": "today",
                        "start": 37,
                        "end": 42,
                        "label": "PERIOD",
                        "score": None,
                        "source": "stand_in",
                        "value": None,
                        "company": None,
                        "sentiment": None,
                        "sentiment_score": None,
                    },
                ],
                "classifications": {
                    "tone": {"label": "good", "score": 0.75, "scores": {"good": 0.75, "bad": 0.25}},
                    "length": {"label": None, "score": 0.5, "scores": {"short": 0.5, "long": 0.5}},
                },
            }
        ],
    }


def test_reference_date_resolves_relative_dates(client: httpx.Client) -> None:
    (document,) = analyze(client, text=TEXT, reference_date="2031-10-24")
    period = document["entities"][-1]["value"]
    assert period == {"type": "period", "start": "2031-10-24", "end": "2031-10-24", "grain": "day"}


def test_explicit_null_is_absent(client: httpx.Client) -> None:
    assert analyze(client, text=TEXT, texts=None, reference_date=None) == analyze(client, text=TEXT)


def test_batch_equals_singles_and_keeps_the_order(client: httpx.Client) -> None:
    documents = analyze(client, texts=TEXTS)
    assert [document["text"] for document in documents] == TEXTS
    assert documents == [analyze(client, text=text)[0] for text in TEXTS]


def test_offsets_slice_the_text(client: httpx.Client) -> None:
    found = []
    for document in analyze(client, texts=TEXTS):
        for entity in document["entities"]:
            assert document["text"][entity["start"] : entity["end"]] == entity["text"]
            found.append(entity["text"])
    assert found.count("today") == 4
    assert "Zoë Café" in found


@pytest.mark.parametrize("escaped", [True, False])
def test_characters_beyond_the_basic_plane(client: httpx.Client, escaped: bool) -> None:
    content = json.dumps({"text": "🚀 today"}, ensure_ascii=escaped).encode()
    response = client.post("/v1/analyze", content=content, headers={"Content-Type": "application/json; charset=utf-8"})
    (entity,) = response.json()["documents"][0]["entities"]
    assert (entity["start"], entity["end"]) == (2, 7)


@pytest.mark.parametrize("text", ["a" * 100_000, "word " * 20_000, "today " * 10_000])
def test_long_texts(client: httpx.Client, text: str) -> None:
    assert analyze(client, text=text)[0]["text"] == text


def test_it_answers_while_a_text_is_analysed(client: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(analyze, client, text="dawdle")
        time.sleep(0.2)
        started = time.monotonic()
        assert client.get("/health").status_code == 200
        assert time.monotonic() - started < 0.5
        assert not slow.done()
        assert slow.result()[0]["text"] == "dawdle"


def test_requests_at_the_same_time_do_not_mix(client: httpx.Client) -> None:
    texts = [f"word{number} today" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: analyze(client, text=text)[0]["text"], texts))
    assert answers == texts


# Characters of every category, halves of surrogate pairs too.
any_text = st.text(alphabet=st.characters(), max_size=40) | st.lists(
    st.sampled_from(["today", "$4.2bn", "Zoë Café", " ", "\n", "👩‍👩‍👧", "e\u0301", "\0", "(", "\u200d", "."]),
    max_size=12,
).map("".join)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(any_text, min_size=1, max_size=8))
def test_any_text_gets_an_answer_or_a_reason(client: httpx.Client, texts: list[str]) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/v1/analyze", content=json.dumps({"texts": texts}).encode(), headers=headers)
    refused = [
        index
        for index, text in enumerate(texts)
        if not text.strip() or any("\ud800" <= character <= "\udfff" for character in text)
    ]
    if refused:
        assert response.status_code == 422
        problems = ErrorResponse.model_validate_json(response.content).error.problems
        assert [problem.loc[-1] for problem in problems] == refused
        return
    assert response.status_code == 200
    documents = AnalyzeResponse.model_validate_json(response.content).documents
    assert [document.text for document in documents] == texts
    for document in documents:
        end = 0
        for entity in document.entities:
            assert end <= entity.start < entity.end <= len(document.text)
            assert document.text[entity.start : entity.end] == entity.text
            end = entity.end
