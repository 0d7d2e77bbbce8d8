"""What the step `evaluate` is made of: pure functions from gold and predicted docs to numbers, and the report.

| module | what it does |
|---|---|
| `result` | the structure of `evaluation.json`, each field described |
| `corpus`, `pipeline`, `provenance` | read the corpus; load the pipeline and predict; commit and versions |
| `bootstrap`, `measures` | resampling of documents; precision, recall, F1 as functions of counts, tables of them |
| `entities`, `matching`, `values` | entity scores; boundary against type errors; the values of the normalizers |
| `classification` | the classifiers |
| `calibration` | whether probabilities mean what they say, and what a threshold would buy |
| `baselines`, `comparison` | simpler systems, and the paired comparison of the pipeline with them |
| `summary` | the headline scores and the remarks |
| `report`, `plots`, `markup`, `report.html.jinja` | `evaluation.json` and `evaluation.html` |

Everywhere, what was not annotated is neither right nor wrong: a document without a layer, or a label that its
    annotator was not
asked for, moves no number of that layer or label.
"""
