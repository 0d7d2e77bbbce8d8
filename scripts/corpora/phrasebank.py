"""Financial PhraseBank (tone of financial sentences, CC BY-NC-SA 3.0): lines `sentence@label`.

Each file holds the sentences on which at least so many annotators agree, so those of a higher level are in the lower
ones too: of the files of a source, a sentence is read from the one of the highest level, which becomes
`meta.agreement`. The corpus has no split: name the files under `train` and under `test`, and each reads its part
(`splitting.is_test` of the sentence).

Traps: one file is Latin-1 and another UTF-8; letters and signs beyond ASCII are damaged ("Sepp+ñl+ñ", "x20ac"); the
text is tokenized ("do n't", "EUR0 .9 m", "Inc. .") and is joined again here; a few sentences occur twice, some with two
labels (`convert` drops those).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import BadInput, ErrorLog
from ..records import Record, make_record
from ..sources import SourceFile
from .joining import join_tokens
from .splitting import belongs

LAYER = "sentiment"
# By level: the end of the name of the file, and what is said of its sentences.
LEVELS = {"50Agree": "50 %", "66Agree": "66 %", "75Agree": "75 %", "AllAgree": "100 %"}
# What the general rule of `mend` does not see: signs that were damaged twice, or that lost a byte.
_DAMAGED = (
    (re.compile(r"\+óEUR TM s|\+ó s|-¦ s"), "'s"),
    (re.compile(r"\+ó +x201a -¼|x20ac"), "€"),
    (re.compile(r"(?<=\w)\+\+(?=\w)"), "ü"),
)
_DAMAGED_LETTER = re.compile(r"([+-])([^\x00-\xa0])")
_LEAD_BYTE = {"+": b"\xc3", "-": b"\xc2"}


def mend(sentence: str) -> str:
    """Undo the damage of letters: their two UTF-8 bytes were read as code page 850, and its box-drawing characters, as
    which the first byte reads, were replaced by "+" or "-".
    """
    for damaged, mended in _DAMAGED:
        sentence = damaged.sub(mended, sentence)

    def letter(match: re.Match[str]) -> str:
        try:
            return (_LEAD_BYTE[match[1]] + match[2].encode("cp850")).decode("utf-8")
        except UnicodeError:
            return match[0]

    return _DAMAGED_LETTER.sub(letter, sentence)


def running_text(sentence: str) -> str:
    """The sentence as it is printed: mended, with straight quotes, one full stop at its end, and joined."""
    tokens = mend(sentence).split()
    if len(tokens) > 1 and tokens[-1] == "." and tokens[-2].endswith("."):
        del tokens[-1]
    text, _ = join_tokens(tokens)
    return text.replace("``", '"').replace("''", '"').replace("`", "'")


def decode(raw: bytes) -> str:
    """The text of a file, which is UTF-8 or, where it cannot be, Latin-1: copies of the corpus have both."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def read_lines(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield (line, sentence, label) of the lines that are not blank; the label is empty where there is none."""
    for number, line in enumerate(decode(path.read_bytes()).split("\n"), 1):
        if line.strip():
            sentence, _, label = line.strip().rpartition("@")
            yield number, sentence.strip(), label.strip()


def find_level(path: Path) -> str:
    """The agreement level that a file is named after.

    RAISES (BadInput): where it is named after none.
    """
    for level in LEVELS:
        if path.stem.endswith(level):
            return level
    raise BadInput(f"the name must end in one of {', '.join(LEVELS)}: it says how many annotators agree", path=path)


def higher_files(file: SourceFile) -> list[Path]:
    """The files of the same split, in the same folder, of a higher level."""
    levels = list(LEVELS)
    above = levels[levels.index(find_level(file.path)) + 1 :]
    names = [Path(pattern).name for pattern in file.source.files[file.split]]
    return [path for name in names for path in sorted(file.path.parent.glob(name)) if find_level(path) in above]


def read(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """Read one file of PhraseBank."""
    agreement = LEVELS[find_level(file.path)]
    elsewhere = {sentence for path in higher_files(file) for _, sentence, _ in read_lines(path)}
    table = file.source.labels.get(LAYER, {})
    for number, sentence, label in read_lines(file.path):
        if sentence in elsewhere or not belongs(sentence, file):
            continue
        record_id = file.record_id(number)
        try:
            if not sentence or label not in table:
                raise BadInput(
                    f"not 'sentence@label' with a label of the source's table ({', '.join(table)})", record_id=record_id
                )
            record = make_record(
                {
                    "id": record_id,
                    "text": running_text(sentence),
                    "meta": {"agreement": agreement},
                    "cats": {LAYER: table[label]},
                    "layers": {LAYER: True},
                }
            )
            file.domain.check_labels(record)
        except BadInput as error:
            log.handle(error.at(path=file.path, line=number))
            continue
        yield record
