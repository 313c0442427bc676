"""The mark of a draft that holds two answers which exclude each other."""

TORN = "torn"
"""The number in its support."""
