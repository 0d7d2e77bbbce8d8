"""Converters of public corpora whose format no generic reader covers.

One module each, with a function `read(file, log)`.
"""
