"""The licence of what is made from corpora under licences of their own."""

import re

# How Creative Commons and dataset cards say it: "CC BY-NC 4.0", "non-commercial".
NON_COMMERCIAL = re.compile(r"\bNC\b|non-?commercial|research only", re.IGNORECASE)


def pipeline_licence(licences: list[str]) -> str:
    """The licence of a pipeline: ours, unless a corpus that it learnt from is not for commercial use."""
    restricted = [licence for licence in licences if NON_COMMERCIAL.search(licence)]
    return f"For research only, as its corpora are: {', '.join(restricted)}" if restricted else "Apache-2.0"
