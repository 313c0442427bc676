"""Drills: what must hold when things break."""
