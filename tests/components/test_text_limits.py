"""What a text must keep to."""

from functools import partial

import pytest

from bellwether import limits

find_text_problem = partial(limits.find_text_problem, max_characters=10, max_word_characters=5)


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
    problem = find_text_problem(text)
    assert (None if problem is None else problem[0]) == kind


def test_message_says_where_the_long_word_is() -> None:
    problem = find_text_problem("ab cdefgh")
    assert problem is not None
    assert "6 characters without a blank from character 3 on, the limit is 5" in problem[1]
