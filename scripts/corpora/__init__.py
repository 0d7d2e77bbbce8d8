"""Converters of public corpora whose format no generic reader covers: one module each, with a function `read(file, log)`."""
