"""Rule-based components that find expressions and attach typed values: `nlp.add_pipe("money")`, in any spaCy pipeline.

Each finds spans of one label, writes them to `doc.ents`, and sets `span._.value` (a frozen value of
`bellwether.values`) and `span._.source` (the id of the rule). None is trained, none needs PyTorch.

The way of a text:

    doc.text ─▶ characters ─▶ find_numbers ─▶ currencies, units ─▶ bounds, per, direction ─▶ values ─▶ doc.ents
                (base)        (numbers)       (the component's find)                                   (base)

* all: `base` (everything that has to do with a `Doc`: alignment with tokens, the policy for overlaps, serialization),
  `characters` (full-width digits, zero-width spaces);
* numbers: `numbers`, `number_words` and `scales` (digits and words to `Decimal`), `bounds` ("at least", ranges);
* `money`: `amounts` (what belongs to one amount), `currencies` (notations, from babel and `currency_data`),
  `currency_evidence` (which dollar it is), `per` ("a share");
* `percent`: `direction` ("rose 12%") and its `direction_words`;
* `quantity`: `units` (from Pint and `unit_data`);
* `ticker`: `identifiers` (ISIN, CUSIP, SEDOL, LEI, by python-stdnum), `exchange_data`;
* `company`: `company_names` (the forms of a name) with `legal_forms`, `gazetteer` and `gazetteer_csv`;
* `period`: `period_*`, `days` (calendar arithmetic, by python-dateutil), `calendar_terms`.

To add a component: a frozen value in `bellwether.values`, a subclass of `Normalizer` with `find` (or `find_in_doc`,
where it needs more than the text), a factory with `default_config` and `default_score_weights`, an entry point in
`pyproject.toml`, and its phrases in a table-driven test. What a span includes and how a value reads is decided by
`assets/starter/README.md`, not here.
"""
