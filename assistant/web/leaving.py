"""The end of a process: not ready any more, its rooms given to the next one, its streams over."""

from fastapi import FastAPI

from assistant.push.board import PushBoard
from assistant.web.state import Running

HEARD = 2.0
"""Seconds in which streams hear of it: they report once a second."""


async def leave(app: FastAPI, limit: float) -> None:
    """What a process does before it stops serving; what is being said may end within `limit` s."""
    running: Running = app.state.running
    running.leaving.set()
    pushes: PushBoard | None = getattr(running.assistant, "pushes", None)
    if pushes is not None:
        pushes.leave()
    house = getattr(running.assistant, "live", None)
    if house is not None:
        await house.leave(limit)
    if pushes is not None:
        await pushes.heard(HEARD)
