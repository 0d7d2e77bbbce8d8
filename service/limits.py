"""What is wrong with a request that the schema lets through: pure functions of the request and the limits."""

import re
from collections.abc import Iterator

from .schemas import AnalyzeRequest, Limits, Problem

BODY = "body"
HALF_A_PAIR = "has half of a surrogate pair (\\ud800 to \\udfff), which is no character"
# What json.loads makes of an escape such as \ud800 on its own.
SURROGATE = re.compile("[\ud800-\udfff]")


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
        problem = find_text_problem(text, limits)
        if problem is not None:
            kind, message = problem
            yield Problem(loc=[BODY, *place], type=kind, message=message)


def find_text_problem(text: str, limits: Limits) -> tuple[str, str] | None:
    """RETURNS (tuple | None): the kind of the problem and a message, or None for a text that can be analysed."""
    if len(text) > limits.max_text_characters:
        return "text_too_long", f"has {len(text)} characters, the limit is {limits.max_text_characters}: split it"
    surrogate = SURROGATE.search(text)
    if surrogate is not None:
        return "surrogate", f"{HALF_A_PAIR}, at character {surrogate.start()}"
    # spaCy's tokenizer splits at the same blanks, then takes prefixes and suffixes off one by one, and each time
    # searches all that is left: 20,000 opening brackets in a row take it 40 seconds.
    words = text.split()
    if not words:
        return "blank_text", "is blank"
    longest = max(words, key=len)
    if len(longest) > limits.max_word_characters:
        return (
            "word_too_long",
            f"has {len(longest)} characters without a blank from character {text.index(longest)} on, the limit is "
            f"{limits.max_word_characters}: remove what is not text",
        )
    return None
