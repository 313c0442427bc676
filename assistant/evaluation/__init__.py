"""Runs of test sets, metrics and reports."""
