"""All routes of the console."""

from fastapi import FastAPI

from assistant.web.access import staff
from assistant.web.console import (
    broadcast,
    ledger,
    people,
    replay,
    room,
    rooms,
    rules,
    summary,
    verdict,
    voice,
)


def include_console(app: FastAPI) -> None:
    """Add them to the app."""
    for router in (
        rooms.router, rules.router, staff.router, staff.audit_router, summary.router, room.router,
        ledger.router, people.router, replay.router, voice.router, verdict.router,
        broadcast.router,
    ):  # fmt: skip
        app.include_router(router)
