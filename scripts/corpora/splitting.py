"""The split of a corpus that has none: the same for everybody who reads the same texts."""

import hashlib

from ..sources import SourceFile


def is_test(text: str) -> bool:
    """Whether an upstream text, exactly as its file has it, is of the test part: a fifth of all texts.

    It is where the SHA-1 of its UTF-8 bytes, as a number, is a multiple of 5.
    """
    return int(hashlib.sha1(text.encode()).hexdigest(), 16) % 5 == 0


def belongs(text: str, file: SourceFile) -> bool:
    """Whether a text is of the part that a file is read for. A file without a split stands under `train` and under
    `test` in the domain file, and each of them reads its part; under `all`, every text belongs.
    """
    return file.split == "all" or is_test(text) == (file.split == "test")
