"""What the benchmarks are made of.

| module | what it does |
|---|---|
| `normalizers` | step `benchmark-normalizers`: ours beside the libraries that read money, quantities and dates |
| `pipelines` | step `benchmark`: how fast the pipelines are, beside Hugging Face pipelines and the bare encoder |
| `growth` | how time grows with size |
"""
