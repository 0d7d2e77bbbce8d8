"""What the step `benchmark` is made of.

| module | what it does |
|---|---|
| `contenders` | what is compared, one kind a module, loaded only in a process of its own |
| `worker` | that process: loads one contender and times it as it is told |
| `processes` | the processes seen from here: start, ask, notice that one is gone |
| `texts` | texts of a given length from the records of a split |
| `plan` | which lengths, batch sizes and threads; how long it takes |
| `measure` | rounds in which contenders take turns; components; growth |
| `soak` | memory over many documents |
| `targets`, `cost` | what should be reached, and whether it is; what a million documents cost |
| `hardware` | the processor's instruction sets |
| `result` | the structure of `benchmark.json` |
| `report`, `plot` | `benchmark.json`, `benchmark.md`, `benchmark.svg`, `benchmark-soak.svg` |
"""
