"""A livestream question desk for government service centres."""

import os

__version__ = "0.1.0"

# One question is a product of a vector and a matrix: threads of the linear algebra only wait for
# each other there, and with two questions at a time they double the processor time and the p95
# (eval/bench/answer_bench.py). An operator's own setting holds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
