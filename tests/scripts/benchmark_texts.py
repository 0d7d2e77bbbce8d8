"""Sentences that the tests of the benchmark read."""

SOURCES = [
    "Norvane Oyj lifted its profit by 12% to EUR 13.1 mn.",
    "The U.S. group isn't selling (yet), it said on 24 Oct.",
    "Kestrel's shares fell $3-$4 a share; Halden rose.",
]
