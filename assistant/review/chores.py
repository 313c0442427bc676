"""The desk's chores; what keeps them going belongs to no room (`assistant.jobs`)."""

from assistant.jobs.chores import Chore, keeping

__all__ = ["Chore", "keeping"]
