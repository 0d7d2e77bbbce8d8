"""Characters that look the same should read the same: one clean text for the rules, with a way back to the original
offsets."""

import re
from typing import NamedTuple

# Zero-width spaces and joiners, the soft hyphen, direction marks, the byte order mark: nobody sees them.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

# One character for one character, so that offsets stay.
_LOOKALIKES = {
    **{chr(0xFF01 + index): chr(0x21 + index) for index in range(94)},  # full-width ASCII
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "),
    **dict.fromkeys("\u2010\u2011\ufe63", "-"),
    "\ufe62": "\u2212",
    **dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"),
    "\ufe69": "$",
    "\uff04": "$",
    "\ufe6a": "%",
    "\u066a": "%",
    "\uffe0": "¢",
    "\uffe1": "£",
    "\uffe5": "¥",
    "\uffe6": "₩",
    "\u066b": ".",
    "\u066c": ",",
}
_LOOKALIKE = re.compile(f"[{re.escape(''.join(_LOOKALIKES))}]")


class CleanText(NamedTuple):
    """A text as the rules read it.

    text (str): without invisible characters, and with the plain one for every full-width or typographic variant.
    offsets (list | None): for each character its offset in the original; None where nothing was removed.
    """

    text: str
    offsets: list[int] | None

    def original_bounds(self, start: int, end: int) -> tuple[int, int]:
        """Bounds in the original text of a non-empty stretch of the clean one."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def clean_text(text: str) -> CleanText:
    """RETURNS (CleanText): the text for the rules, and the way back."""
    if text.isascii():
        return CleanText(text, None)
    offsets = None
    if _INVISIBLE.search(text):
        offsets = [index for index, char in enumerate(text) if not _INVISIBLE.match(char)]
        text = "".join([text[index] for index in offsets])
    return CleanText(_LOOKALIKE.sub(_plain, text), offsets)


def _plain(match: re.Match[str]) -> str:
    return _LOOKALIKES[match[0]]
