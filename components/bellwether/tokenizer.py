"""`bellwether.Tokenizer.v1`: the tokenizer of the language, which also separates numbers from what is stuck to them.

spaCy's English rules keep the full stop in "It cost $180M." and "$600m." with the scale letter, and "$1.2bn-$1.3bn" and
"4.5%-5%" as one piece, so that no span could begin or end there.
"""

from collections.abc import Callable

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_suffix_regex, registry

# A full stop or comma after a number with a scale letter ends the sentence, not an abbreviation.
SUFFIXES = (r"(?<=\d[kKmMbB])[.,]",)
# Exceptions of the English rules that would put the full stop back.
DROPPED_RULES = frozenset({"m."})
# A hyphen or dash between two figures that carry a unit or a sign of their own.
INFIXES = (
    r"(?<=[0-9][a-zA-Z%])[-–—](?=[$€£¥₹+0-9])",
    r"(?<=[0-9][a-zA-Z]{2})[-–—](?=[$€£¥₹+0-9])",
    r"(?<=[0-9])[-–—](?=[$€£¥₹])",
)


@registry.tokenizers("bellwether.Tokenizer.v1")
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """RETURNS (Callable[[Language], Tokenizer]): for `[nlp.tokenizer]`; the rules are stored with the pipeline."""
    return create_tokenizer


def create_tokenizer(nlp: Language) -> Tokenizer:
    """The default tokenizer of the language with our suffixes and infixes before its own."""
    tokenizer = registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
    tokenizer.suffix_search = compile_suffix_regex([*SUFFIXES, *nlp.Defaults.suffixes]).search
    tokenizer.infix_finditer = compile_infix_regex([*INFIXES, *nlp.Defaults.infixes]).finditer
    tokenizer.rules = {text: rule for text, rule in tokenizer.rules.items() if text not in DROPPED_RULES}
    return tokenizer
