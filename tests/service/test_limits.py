"""What the schema lets through and the limits do not."""

import pytest

from service.limits import find_problems, find_text_problem
from service.schemas import AnalyzeRequest, Limits

LIMITS = Limits(max_texts=2, max_text_characters=10, max_word_characters=5, max_body_bytes=100)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a", None),
        ("12345 7890", None),
        ("12345 78901", "text_too_long"),
        ("", "blank_text"),
        ("\x1c\x85\u2003", "blank_text"),
        ("\u200b", None),
        ("ab cdefgh", "word_too_long"),
        ("ab\u2028cdefg", None),
        ("👩‍👩‍👧", None),
        ("a\0", None),
        ("\ud83d\ude00", "surrogate"),
        ("ab \udc00", "surrogate"),
    ],
)
def test_find_text_problem(text: str, kind: str | None) -> None:
    problem = find_text_problem(text, LIMITS)
    assert (None if problem is None else problem[0]) == kind


def test_message_says_where_the_long_word_is() -> None:
    problem = find_text_problem("ab cdefgh", LIMITS)
    assert problem is not None
    assert "6 characters without a blank from character 3 on, the limit is 5" in problem[1]


def test_too_many_texts_are_not_looked_at() -> None:
    (problem,) = find_problems(AnalyzeRequest(texts=["", "", ""]), LIMITS)
    assert problem.type == "too_many_texts"
