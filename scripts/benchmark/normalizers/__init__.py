"""What the step `benchmark-normalizers` is made of.

| module | what it does |
|---|---|
| `phrases` | the authored sentences with their values |
| `sentences` | sentences with gold, from the phrases and from the records of a split |
| `tools` | ours and the libraries that it is compared with, one a module; each returns values of `bellwether.values` |
| `accuracy` | the common measure: what counts as the same value; scores by tool and label |
| `speed` | interleaved rounds, the cost of each component, growth with the length of a text |
| `result` | the structure of `normalizers.json` |
| `report`, `plot` | `normalizers.json`, `normalizers.md` and `normalizers.svg` |
"""
