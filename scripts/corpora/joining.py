"""Running text from a tokenized sentence.

What an English tokenizer took apart is put together again: punctuation, contractions ("do n't"), amounts ("EUR0 .9"),
compounds ("oil - to - technology"), quotes. Each token's place in the text is known, so annotations follow.
"""

import re

_NO_SPACE_BEFORE = re.compile(r"[,.;:?!%)\]}’”…]|\.{3}|''|n['’]t|['’](?:s|re|ve|ll|d|m)?", re.IGNORECASE)
_NO_SPACE_AFTER = re.compile(r"[(\[{$€£¥“‘`#]|``|(?:US|C|A|HK|NZ|S)\$")
_DECIMALS = re.compile(r"[.,]\d.*")
_QUOTE = '"'


def join_tokens(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Running text of a tokenized sentence, and the (start, end) of each token in it, white space around it left out.

    A straight quote opens and closes by turns.
    """
    text = ""
    offsets = []
    tokens = [token.strip() for token in tokens]
    quoted = False
    after_opening = False
    for index, token in enumerate(tokens):
        opens = token == _QUOTE and not quoted
        closes = token == _QUOTE and quoted
        glued = not text or not token or closes or after_opening or is_glued(tokens, index)  # blank ones occur
        if not glued:
            text += " "
        offsets.append((len(text), len(text) + len(token)))
        text += token
        if token:
            after_opening = opens
            quoted ^= token == _QUOTE
    return text, offsets


def is_glued(tokens: list[str], index: int) -> bool:
    """Whether a token follows the one before it without a space."""
    token = tokens[index]
    previous = tokens[index - 1] if index else ""
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    if _NO_SPACE_BEFORE.fullmatch(token) or _NO_SPACE_AFTER.fullmatch(previous):
        return True
    if _DECIMALS.fullmatch(token):
        return previous[-1:].isdecimal()
    if token == "-":
        return previous[-1:].isalnum() and following[:1].isalnum()
    return previous == "-" and index > 1 and tokens[index - 2][-1:].isalnum() and token[:1].isalnum()
