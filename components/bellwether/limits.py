"""What is wrong with a text that a pipeline should not be given: too long, blank, or no text at all."""

import re

HALF_A_PAIR = "has half of a surrogate pair (\\ud800 to \\udfff), which is no character"
# What json.loads makes of an escape such as \ud800 on its own.
SURROGATE = re.compile("[\ud800-\udfff]")


def find_text_problem(text: str, *, max_characters: int, max_word_characters: int) -> tuple[str, str] | None:
    """RETURNS (tuple | None): the kind of the problem and a message, or None for a text that can be analysed."""
    if len(text) > max_characters:
        return "text_too_long", f"has {len(text)} characters, the limit is {max_characters}: split it"
    surrogate = SURROGATE.search(text)
    if surrogate is not None:
        return "surrogate", f"{HALF_A_PAIR}, at character {surrogate.start()}"
    # spaCy's tokenizer splits at the same blanks, then takes prefixes and suffixes off one by one, and each time
    # searches all that is left: 20,000 opening brackets in a row take it 40 seconds.
    words = text.split()
    if not words:
        return "blank_text", "is blank"
    longest = max(words, key=len)
    if len(longest) > max_word_characters:
        return (
            "word_too_long",
            f"has {len(longest)} characters without a blank from character {text.index(longest)} on, the limit is "
            f"{max_word_characters}: remove what is not text",
        )
    return None
