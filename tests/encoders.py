"""A tiny encoder made on the spot: two layers of random weights, and a vocabulary of letters and a few words."""

import itertools
from pathlib import Path

import spacy

ORGS = ["norvane", "kestrel", "halden", "orvik", "tamura", "quill"]
PLACES = ["turku", "lagos", "porto", "osaka"]
TONES = {"positive": ["rose", "soared"], "negative": ["fell", "crashed"], "neutral": ["met", "spoke"]}
TOPICS = {"energy_oil": ["oil", "gas"], "ipo": ["listing", "flotation"], "dividend": ["payout", "dividend"]}
FILLERS = ["today", "again", "in", "after", "the", "report", "of", "said", "as", "it"]


def make_tiny_encoder(folder: Path) -> Path:
    """Save a two-layer BERT with random weights and a vocabulary of letters and the words above."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    letters = [chr(code) for code in range(33, 127)]
    words = [*ORGS, *PLACES, *itertools.chain(*TONES.values(), *TOPICS.values()), *FILLERS]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = list(dict.fromkeys([*special, *letters, *("##" + letter for letter in letters), *words]))
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    spacy.util.fix_random_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=512,
    )
    BertModel(config).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    return folder
