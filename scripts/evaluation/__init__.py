"""What the step `evaluate` is made of: pure functions from gold and predicted docs to numbers, and the report.

| module | what it does |
|---|---|
| `result` | the structure of `evaluation.json`, each field described |
| `corpus`, `pipeline`, `provenance` | read the corpus; load the pipeline and predict; commit, versions, processor |
| `bootstrap`, `measures` | resampling of documents; precision, recall, F1 as functions of counts, tables of them |
| `entities`, `matching`, `values` | entity scores; boundary against type errors; the values of the normalizers |
| `classification` | the classifiers |
| `slices` | the same scores on parts: by source, by length, by how often train has a label |
| `calibration` | whether probabilities mean what they say, and what a threshold would buy |
| `baselines`, `previous` | simpler systems, and an earlier release |
| `systems`, `comparison` | which of them each head is compared with, and the paired comparison |
| `speed`, `cost` | documents a second by batch size; what the training took |
| `summary`, `limits` | the headline scores and the remarks; what the pipeline does badly |
| `report`, `figures`, `plots`, `markup` | `evaluation.json` and `evaluation.html` |
| `card` | `model_card.md` |
| `templates/` | the page, by sections, and the card |

Everywhere, what was not annotated is neither right nor wrong: a document without a layer, or a label that its annotator
was not asked for, moves no number of that layer or label.
"""
