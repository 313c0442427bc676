"""All routes of the console."""

from fastapi import FastAPI

from assistant.web.access import staff
from assistant.web.console import (
    broadcast,
    duty,
    ledger,
    morning,
    people,
    phone,
    push,
    replay,
    room,
    rooms,
    rules,
    sources,
    summary,
    verdict,
    voice,
)


def include_console(app: FastAPI) -> None:
    """Add them to the app."""
    for router in (
        rooms.router, rules.router, staff.router, staff.audit_router, summary.router, room.router,
        ledger.router, people.router, replay.router, voice.router, verdict.router,
        broadcast.router, push.router, morning.router, sources.router, duty.router, phone.router,
    ):  # fmt: skip
        app.include_router(router)
