"""Several trainings of one config, compared: variants times seeds.

`plan` reads the YAML file of an experiment, `inputs` says what a run depends on, `steps` runs the steps of one run,
`runs` knows which are done and does the rest, `statistics` makes means and differences of them, `result` has the
structure of the report, `report` writes it and `plot` draws it.
"""
