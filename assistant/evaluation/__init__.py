"""Runs of test sets through the live answer code, their metrics, gates and reports.

The sets themselves lie in `eval/`. Nothing here builds the product: the caller passes a factory
of desks (`desk.DeskFactory`), so that a test can pass a fake with a seeded defect.
"""
