"""What is wrong with a request that the schema lets through: pure functions of the request and the limits."""

from collections.abc import Iterator

from bellwether.limits import find_text_problem

from .schemas import AnalyzeRequest, Limits, Problem

BODY = "body"


def find_problems(request: AnalyzeRequest, limits: Limits) -> Iterator[Problem]:
    """What keeps a request from being analysed, text by text; nothing where all is well."""
    texts = request.located_texts()
    if len(texts) > limits.max_texts:
        yield Problem(
            loc=[BODY, "texts"],
            type="too_many_texts",
            message=f"has {len(texts)} texts, the limit is {limits.max_texts}: send several requests",
        )
        return
    for place, text in texts:
        problem = find_text_problem(
            text, max_characters=limits.max_text_characters, max_word_characters=limits.max_word_characters
        )
        if problem is not None:
            kind, message = problem
            yield Problem(loc=[BODY, *place], type=kind, message=message)
