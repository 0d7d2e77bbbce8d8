"""The workflow: one command a step, run as `python -m scripts STEP`; `project.yml` is the list of steps.

Data flows through one record type (`records.py`); everything else converts to it or from it.
"""
