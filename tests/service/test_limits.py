"""What the schema lets through and the limits do not."""

import pytest

from service.limits import find_problems
from service.schemas import AnalyzeRequest, Limits

LIMITS = Limits(max_texts=2, max_text_characters=10, max_word_characters=5, max_body_bytes=100)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("12345 78901", "text_too_long"), ("", "blank_text"), ("ab cdefgh", "word_too_long")],
)
def test_a_bad_text_is_told_with_its_place(text: str, kind: str) -> None:
    (problem,) = find_problems(AnalyzeRequest(texts=["good", text]), LIMITS)
    assert (problem.loc, problem.type) == (["body", "texts", 1], kind)


def test_too_many_texts_are_not_looked_at() -> None:
    (problem,) = find_problems(AnalyzeRequest(texts=["", "", ""]), LIMITS)
    assert problem.type == "too_many_texts"
