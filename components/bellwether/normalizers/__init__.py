"""Rule-based components that find expressions and attach typed values: `nlp.add_pipe("money")`, in any spaCy pipeline.

Each finds spans of one label, writes them to `doc.ents`, and sets `span._.value` (a frozen value of
`bellwether.values`) and `span._.source` (the id of the rule). None is trained, none needs PyTorch.

The way of a text:

    doc.text ─▶ characters ─▶ find_numbers ─▶ currencies, units ─▶ bounds, per, direction ─▶ values ─▶ doc.ents
                (base)        (numbers)       (the component's find)                                   (base)

* components, one a module: `money`, `percent`. A component is a `find(text)` that yields expressions, and a factory;
* `base`: everything that has to do with a `Doc`: alignment with tokens, the policy for overlaps, serialization, the
  score;
* readers of text, shared by the components, without spaCy:
  `numbers` (digits and words to `Decimal`), `bounds` ("at least", ranges), `direction` ("rose 12%"), `per` ("a share"),
  `currencies` (ISO codes and names from babel), `characters` (full-width digits, zero-width spaces);
* data apart from the engine: the word lists at the top of `bounds`, `direction` and `per`, and `currency_data`.

To add a component: a frozen value in `bellwether.values`, a subclass of `Normalizer` with `find`, a factory with
`default_config` and `default_score_weights`, an entry point in `pyproject.toml`, and its phrases in a table-driven
test. What a span includes and how a value reads is decided by `assets/starter/README.md`, not here.
"""
