"""Evaluation of the live room."""
