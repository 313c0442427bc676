"""Checks of drafts: briefs of different kinds, figures traced anew, a checklist for each deck."""
